// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.testkit.KernelSpecFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * No message is lost: floods, and clients that go away while the kernel prints. Each is a case in
 * which Kernel Gateway, Enterprise Gateway or jupyter_server lose some.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OutputE2E {

  private final Cleanup cleanup = new Cleanup();
  private Rest rest;
  private String kernel;

  @BeforeAll
  void start(@TempDir Path directory) {
    KernelSpecFolder specs =
        KernelSpecFolder.in(directory).scripted("scripted").ipykernel("python3");
    rest = cleanup.add(GatewayProgram.start(directory, specs.path())).rest();
  }

  @AfterAll
  void stop() throws Exception {
    cleanup.close();
  }

  @BeforeEach
  void startKernel() {
    kernel = rest.startKernel("scripted");
  }

  @AfterEach
  void deleteKernel() {
    rest.delete("/api/kernels/" + kernel);
  }

  @Test
  void aFloodOfSmallMessagesArrivesWhole() {
    try (KernelSocket client = KernelSocket.open(rest, kernel)) {
      String request = client.execute("flood 20000 100");
      client.awaitReply(request);
      client.awaitIdle(request);
      Numbers.assertAllInOrder(client.numbers(request), 20_000);
    }
  }

  @Test
  void aHundredOutputsOfAMegabyteArriveWhole() {
    try (KernelSocket client = KernelSocket.open(rest, kernel)) {
      String request = client.execute("flood 100 1000000");
      client.awaitReply(request);
      client.awaitIdle(request);
      Numbers.assertAllInOrder(client.numbers(request), 100);
      assertThat(client.printed(request)).hasSize(100 * 1_000_000);
    }
  }

  @Test
  void twentyThousandPrintsOfARealIpykernelArriveWhole() {
    String python = rest.startKernel("python3");
    try (KernelSocket client = KernelSocket.open(rest, python)) {
      String text = client.run("for number in range(20000):\n    print(number, flush=True)");
      assertThat(text.lines().map(Integer::valueOf).toList())
          .isEqualTo(IntStream.range(0, 20_000).boxed().toList());
    }
    rest.delete("/api/kernels/" + python);
  }

  @Test
  void aClientThatComesBackUnderItsSessionMissesNothing() {
    String session = KernelSocket.newSession();
    KernelSocket first = KernelSocket.open(rest, kernel, session);
    String request = first.execute("tick 200 0.01");
    first.await("some of the output", message -> message.text().startsWith("0000050"));
    first.cut();

    try (KernelSocket second = KernelSocket.open(rest, kernel, session)) {
      ClientMessage reply = second.awaitReply(request);
      second.awaitIdle(request);

      assertThat(reply.content().path("status").asText()).isEqualTo("ok");
      List<Integer> both = new ArrayList<>(first.numbers(request));
      both.addAll(second.numbers(request));
      Numbers.assertAllInOrderOverASeam(both, 200);
    }
  }

  @Test
  void aClientThatComesBackAfterTheCellEndedGetsItsOutputAndReply() {
    String session = KernelSocket.newSession();
    KernelSocket first = KernelSocket.open(rest, kernel, session);
    String request = first.execute("tick 100 0.01");
    first.await("some of the output", message -> message.text().startsWith("0000020"));
    first.cut();
    rest.awaitKernel(kernel, "idle");

    try (KernelSocket second = KernelSocket.open(rest, kernel, session)) {
      second.awaitReply(request);
      second.awaitIdle(request);

      List<Integer> both = new ArrayList<>(first.numbers(request));
      both.addAll(second.numbers(request));
      Numbers.assertAllInOrderOverASeam(both, 100);
    }
  }

  @Test
  void aNewTabGetsWhatNobodyHasSeen() {
    KernelSocket first = KernelSocket.open(rest, kernel);
    String request = first.execute("tick 100 0.01");
    first.await("some of the output", message -> message.text().startsWith("0000030"));
    first.cut();
    rest.awaitKernel(kernel, "idle");

    try (KernelSocket other = KernelSocket.open(rest, kernel)) {
      other.awaitIdle(request);

      List<Integer> both = new ArrayList<>(first.numbers(request));
      both.addAll(other.numbers(request));
      Numbers.assertAllInOrderOverASeam(both, 100);
    }
  }

  @Test
  void whileAnotherClientStaysTheOneThatComesBackMissesNothing() {
    String session = KernelSocket.newSession();
    try (KernelSocket stays = KernelSocket.open(rest, kernel)) {
      KernelSocket first = KernelSocket.open(rest, kernel, session);
      String request = first.execute("tick 100 0.01");
      first.await("some of the output", message -> message.text().startsWith("0000030"));
      first.cut();
      stays.awaitIdle(request);

      try (KernelSocket second = KernelSocket.open(rest, kernel, session)) {
        second.awaitReply(request);
        second.awaitIdle(request);
        List<Integer> both = new ArrayList<>(first.numbers(request));
        both.addAll(second.numbers(request));
        Numbers.assertAllInOrderOverASeam(both, 100);
      }
      Numbers.assertAllInOrder(stays.numbers(request), 100);
    }
  }

  @Test
  void twentyThousandMessagesWhileNobodyIsThereAreKept() {
    String session = KernelSocket.newSession();
    KernelSocket first = KernelSocket.open(rest, kernel, session);
    String request = first.execute("print begun\nsleep 0.5\nflood 20000 100");
    first.await("the cell to begin", message -> message.text().equals("begun\n"));
    first.cut();
    rest.awaitKernel(kernel, "idle");

    try (KernelSocket second = KernelSocket.open(rest, kernel, session)) {
      second.awaitReply(request);
      second.awaitIdle(request);
      List<Integer> numbers =
          second
              .printed(request)
              .lines()
              .filter(line -> !line.equals("begun"))
              .map(line -> Integer.valueOf(line.substring(0, 7)))
              .toList();
      Numbers.assertAllInOrder(numbers, 20_000);
    }
  }
}
