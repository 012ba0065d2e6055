// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Asks a gateway until it answers, and tells what it hears meanwhile. */
final class GatewayReach {

  private static final Duration BETWEEN = Duration.ofMillis(100);

  /** Short: what was sent before the node knew the Service is lost, and sent again in vain. */
  private static final Duration CONNECT = Duration.ofMillis(500);

  private static final Duration ANSWERS = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofSeconds(15);
  private static final byte[] ANSWER = "HTTP/".getBytes(StandardCharsets.US_ASCII);
  private static final String ADVICE =
      "  kubectl get jgw     says whether the gateway runs, and why not\n"
          + "  If it runs: does a NetworkPolicy keep this Pod from it, or does a proxy in this Pod"
          + " start later than this?";

  private final Supplier<InetSocketAddress> address;
  private final String name;
  private final Consumer<String> told;

  /**
   * A gateway of which nothing is known yet.
   *
   * @param address looked up anew for each try
   * @param name what it is called to people
   * @param told each sentence about it
   */
  GatewayReach(Supplier<InetSocketAddress> address, String name, Consumer<String> told) {
    this.address = address;
    this.name = name;
    this.told = told;
  }

  /** Waits for its answer; false where none came in time. */
  boolean await(Duration patience) throws InterruptedException {
    long begun = System.nanoTime();
    String last = "";
    boolean isAdviceGiven = false;
    while (true) {
      Optional<String> trouble = attempt();
      Duration waited = Duration.ofNanos(System.nanoTime() - begun);
      if (trouble.isEmpty()) {
        told.accept("The gateway %s answers, after %s s.".formatted(name, seconds(waited)));
        return true;
      }
      if (!trouble.get().equals(last)) {
        last = trouble.get();
        told.accept("The gateway %s does not answer yet: %s".formatted(name, last));
      }
      if (!isAdviceGiven && waited.compareTo(LONG) > 0) {
        isAdviceGiven = true;
        told.accept(ADVICE);
      }
      if (waited.compareTo(patience) >= 0) {
        return false;
      }
      boolean _ = new CountDownLatch(1).await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Asks once; what went wrong, or nothing. */
  private Optional<String> attempt() {
    InetSocketAddress now = address.get();
    if (now.isUnresolved()) {
      return Optional.of("no such name");
    }
    try (Socket socket = new Socket()) {
      socket.connect(now, Math.toIntExact(CONNECT.toMillis()));
      socket.setSoTimeout(Math.toIntExact(ANSWERS.toMillis()));
      socket
          .getOutputStream()
          .write(
              "GET /api HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                  .formatted(now.getHostString())
                  .getBytes(StandardCharsets.US_ASCII));
      return isAnswer(socket.getInputStream()) ? Optional.empty() : Optional.of("no HTTP");
    } catch (IOException e) {
      return Optional.of(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
  }

  private static boolean isAnswer(InputStream from) throws IOException {
    return Arrays.equals(from.readNBytes(ANSWER.length), ANSWER);
  }

  private static String seconds(Duration waited) {
    return String.format(Locale.ROOT, "%.1f", waited.toMillis() / 1000.0);
  }
}
