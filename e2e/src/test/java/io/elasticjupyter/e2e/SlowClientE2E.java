// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.testkit.KernelSpecFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that does not read costs the gateway and the other kernels next to nothing. */
final class SlowClientE2E {

  private static final int MESSAGES = 300;
  private static final int MESSAGE_BYTES = 1_000_000;
  private static final long MEBIBYTE = 1024 * 1024;

  // Far beyond what a round trip takes (a millisecond), for two loaded cores; a gateway whose other
  // kernels wait for the slow client would not answer at all.
  private static final Duration ROUND_TRIP_AT_MOST = Duration.ofMillis(500);

  @Test
  void threeHundredMegabytesForAClientThatNeverReadsNeitherGrowTheGatewayNorSlowOthers(
      @TempDir Path directory) {
    Path specs = KernelSpecFolder.in(directory).scripted("scripted").path();
    // The heap is less than half of what the client leaves lying: who kept it there would fall.
    Map<String, String> smallHeap = Map.of("ELASTIC_JUPYTER_HEAP", "128m");
    try (GatewayProgram gateway = GatewayProgram.startWith(smallHeap, directory, specs)) {
      Rest rest = gateway.rest();
      String flooding = rest.startKernel("scripted");
      String other = rest.startKernel("scripted");
      try (KernelSocket slow = KernelSocket.open(rest, flooding);
          KernelSocket quick = KernelSocket.open(rest, other)) {
        slow.run("print ready");
        quick.run("print ready");
        slow.stopReading();
        String request = slow.execute("flood " + MESSAGES + " " + MESSAGE_BYTES);

        rest.awaitKernel(flooding, "busy");
        List<Duration> roundTrips = new ArrayList<>();
        while (roundTrips.size() < 50
            || !rest.kernel(flooding).path("execution_state").asText().equals("idle")) {
          long begun = System.nanoTime();
          assertThat(quick.run("print " + roundTrips.size())).isEqualTo(roundTrips.size() + "\n");
          roundTrips.add(Duration.ofNanos(System.nanoTime() - begun));
        }
        Collections.sort(roundTrips);
        assertThat(roundTrips.get(roundTrips.size() / 2)).isLessThan(ROUND_TRIP_AT_MOST);
        assertThat(gateway.residentBytes()).isLessThan(350 * MEBIBYTE);

        slow.readOn();
        slow.awaitReply(request);
        slow.awaitIdle(request);
        Numbers.assertAllInOrder(slow.numbers(request), MESSAGES);
      }
    }
  }
}
