// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.testkit.KernelSpecFolder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a broken or hostile client or kernel sends harms nobody but itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileInputE2E {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Cleanup cleanup = new Cleanup();
  private Rest rest;
  private String kernel;

  @BeforeAll
  void start(@TempDir Path directory) {
    Path specs = KernelSpecFolder.in(directory).scripted("scripted").path();
    rest = cleanup.add(GatewayProgram.start(directory, specs)).rest();
    kernel = rest.startKernel("scripted");
  }

  @AfterAll
  void stop() throws Exception {
    cleanup.close();
  }

  @Test
  void aFrameThatClaimsAHugeNumberOfPartsClosesItsOwnSocketOnly() {
    assertClosesItsOwnSocketOnly(
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 61).array());
  }

  @Test
  void aFrameWhoseOffsetsLeadOutOfItClosesItsOwnSocketOnly() {
    ByteBuffer frame = ByteBuffer.allocate(8 * 7).order(ByteOrder.LITTLE_ENDIAN).putLong(6);
    for (long offset : new long[] {56, 1L << 40, -1, 7, Long.MAX_VALUE, Long.MIN_VALUE}) {
      frame.putLong(offset);
    }
    assertClosesItsOwnSocketOnly(frame.array());
  }

  @Test
  void aFrameThatIsNoFrameClosesItsOwnSocketOnly() {
    assertClosesItsOwnSocketOnly("GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void messagesWithAWrongSignatureAreDroppedAndHoldNothingUp() {
    try (KernelSocket client = KernelSocket.open(rest, kernel)) {
      assertThat(client.run("print before\nbadsig 3\nprint after")).isEqualTo("before\nafter\n");
      assertThat(client.messages()).noneMatch(message -> message.text().startsWith("forged"));
    }
  }

  @Test
  void withoutTheTokenNothingIsAnswered() {
    Rest stranger = new Rest(rest.base(), "wrong");
    assertThat(stranger.get("/api/kernels").status()).isEqualTo(401);
    assertThat(stranger.post("/api/kernels", Rest.JSON.createObjectNode()).status()).isEqualTo(401);
    assertThat(stranger.delete("/api/kernels/" + kernel).status()).isEqualTo(401);
  }

  private void assertClosesItsOwnSocketOnly(byte[] frame) {
    try (KernelSocket bystander = KernelSocket.open(rest, kernel);
        KernelSocket hostile = KernelSocket.open(rest, kernel)) {
      assertThat(bystander.run("print one")).isEqualTo("one\n");

      hostile.sendRaw(frame);
      OptionalInt code = hostile.awaitClosed(PATIENCE);

      assertThat(code).as("it is told why, by a close code").isPresent();
      assertThat(code.getAsInt()).isIn(1002, 1003, 1007, 1008, 1009);
      assertThat(bystander.run("print two")).isEqualTo("two\n");
    }
  }
}
