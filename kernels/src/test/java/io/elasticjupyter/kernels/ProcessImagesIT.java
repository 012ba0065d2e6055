// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.hibernation.SnapshotReport;
import io.elasticjupyter.testkit.CriuProgram;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels whose whole process is kept while they sleep, with the real ipykernel and CRIU. */
class ProcessImagesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PID = "import os; print(os.getpid())";
  private static final String RICH =
      """
      import array, sqlite3, threading, time
      numbers = array.array('d', range(1_000_000))
      steps = (n * n for n in range(10)); next(steps); next(steps)
      memory = sqlite3.connect(':memory:')
      _ = memory.execute('create table t(x)'); _ = memory.execute('insert into t values (42)')
      ticks = 0
      def tick():
          global ticks
          while True:
              ticks += 1
              time.sleep(0.02)
      ticking = threading.Thread(target=tick, daemon=True); ticking.start()
      """;
  private static final String LOOK =
      """
      before = ticks; time.sleep(0.2)
      print(next(steps), ticking.is_alive(), ticks > before, memory.execute('select x from t').fetchone()[0],
            sum(numbers), notes.write('more '), notes.tell())
      """;

  @TempDir Path folder;
  private Path criu;
  private KernelsUnderTest gateway;

  @BeforeEach
  void open() throws Exception {
    CriuProgram.Found found = CriuProgram.find();
    Assumptions.assumeTrue(found.program().isPresent(), found::why);
    criu = found.program().orElseThrow();
    use(criu, KernelSettings.defaults());
  }

  private void use(Path program, KernelSettings settings) throws Exception {
    if (gateway != null) {
      gateway.close();
    }
    gateway = KernelsUnderTest.keepingProcesses(folder, settings, program);
    gateway.specs.ipykernel("python3");
  }

  @AfterEach
  void close() throws Exception {
    if (gateway != null) {
      gateway.close();
    }
  }

  private static HibernationOutcome outcome(Kernel kernel) throws Exception {
    return kernel.hibernate().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static HibernationOutcome.Hibernated hibernate(Kernel kernel) throws Exception {
    HibernationOutcome outcome = outcome(kernel);
    assertThat(outcome).isInstanceOf(HibernationOutcome.Hibernated.class);
    return (HibernationOutcome.Hibernated) outcome;
  }

  private static long pid(TestClient client) throws InterruptedException {
    return Long.parseLong(client.runToEnd(PID).strip());
  }

  private static String notice(TestClient client, String part) {
    return client
        .await(m -> m.type().equals("stream") && m.content().path("text").asText().contains(part))
        .content()
        .path("text")
        .asText();
  }

  private Path image(Kernel kernel, int generation) {
    return folder
        .resolve("state/kernels")
        .resolve(kernel.id().value())
        .resolve("snapshots/gen-%06d/process".formatted(generation));
  }

  @Test
  void theProcessIsThereAgainWithAllThatItHeldAndOnceMoreAfterAnotherGateway() throws Exception {
    Kernel kernel = gateway.start("python3");
    long pid;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd(RICH);
      client.runToEnd("notes = open('notes.txt', 'w'); notes.write('first '); notes.flush()");
      pid = pid(client);

      assertThat(hibernate(kernel).snapshot().report().isWhole()).isTrue();

      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(notice(client, "The kernel hibernates")).contains("kept with its whole process.");
      assertOwnersAlone(image(kernel, 1));

      assertThat(client.runToEnd(LOOK)).isEqualTo("4 True True 42 499999500000.0 5 11\n");
      assertThat(pid(client)).isEqualTo(pid);
      assertThat(notice(client, "The kernel slept for"))
          .contains("as the process that it was")
          .doesNotContain("lost");
      assertThat(image(kernel, 1)).as("what it does now its image does not know").doesNotExist();
    }
    // Nobody's child any more, it is found by its id and when it began.
    gateway.reopen(KernelSettings.defaults());
    Kernel again = gateway.kernels().find(kernel.id()).orElseThrow();
    try (TestClient client = TestClient.attach(again, "two")) {
      assertThat(pid(client)).isEqualTo(pid);
      hibernate(again);
      gateway.reopen(KernelSettings.defaults());
    }
    Kernel third = gateway.kernels().find(kernel.id()).orElseThrow();
    try (TestClient client = TestClient.attach(third, "three")) {
      assertThat(client.runToEnd(LOOK)).isEqualTo("9 True True 42 499999500000.0 5 16\n");
      assertThat(pid(client)).isEqualTo(pid);
    }
  }

  private static void assertOwnersAlone(Path image) throws IOException {
    try (Stream<Path> files = Files.list(image)) {
      assertThat(files.toList())
          .hasSizeGreaterThan(5)
          .allSatisfy(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rw-------"));
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(image)))
        .isEqualTo("rwx------");
  }

  @Test
  void aConnectionToElsewhereEndsAndIsTold() throws Exception {
    Kernel kernel = gateway.start("python3");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd(
          """
          import socket
          server = socket.create_server(('127.0.0.1', 0)); port = server.getsockname()[1]
          call = socket.create_connection(('127.0.0.1', port))
          """);
      String port = client.runToEnd("print(port)").strip();

      assertThat(hibernate(kernel).snapshot().report().lost())
          .anySatisfy(each -> assertThat(each.sentence()).contains("127.0.0.1:" + port));

      assertThat(client.runToEnd("print(server.getsockname()[1] == port)")).isEqualTo("True\n");
      assertThat(notice(client, "as the process that it was"))
          .contains("lost: the connection to 127.0.0.1:");
      assertThat(
              client.runToEnd(
                  "try: print(call.recv(1), call.send(b'x'))\nexcept OSError as e: print('ended')"))
          .contains("ended");
    }
  }

  /** Asleep with a variable that only the process keeps, and one that both do. */
  private Kernel asleep(TestClient[] out) throws Exception {
    Kernel kernel = gateway.start("python3");
    TestClient client = TestClient.attach(kernel, "one");
    out[0] = client;
    client.runToEnd("x = [1, 2]; steps = (n for n in range(3)); notes = open('notes.txt', 'w')");
    client.runToEnd("notes.write('some'); notes.flush(); import os; pid = os.getpid()");
    hibernate(kernel);
    assertThat(image(kernel, 1).resolve("image.json")).exists();
    return kernel;
  }

  private void assertVariablesAlone(Kernel kernel, TestClient client, String why) throws Exception {
    assertThat(client.runToEnd("print(x, 'steps' in globals(), pid == os.getpid())"))
        .isEqualTo("[1, 2] False False\n");
    assertThat(notice(client, "in a new process"))
        .contains("its own could not be brought back", why, "lost: steps");
    assertThat(image(kernel, 1)).doesNotExist();
    // And it can be kept whole again; what is gone stays gone until it is there again.
    assertThat(hibernate(kernel).snapshot().report().lost())
        .extracting(SnapshotReport.Entry::name)
        .contains("steps");
    client.runToEnd("steps = (n for n in range(5)); next(steps); notes = None");
    assertThat(hibernate(kernel).snapshot().report().isWhole()).isTrue();
    assertThat(client.runToEnd("print(next(steps))")).isEqualTo("1\n");
  }

  @Test
  void aDamagedImageIsNotRunAndTheVariablesAreTaken() throws Exception {
    TestClient[] clients = new TestClient[1];
    Kernel kernel = asleep(clients);
    try (TestClient client = clients[0]) {
      Path pages = image(kernel, 1).resolve("pages-1.img");
      try (FileChannel channel = FileChannel.open(pages, StandardOpenOption.WRITE)) {
        channel.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}), channel.size() / 2);
      }
      assertVariablesAlone(kernel, client, "its image is damaged");
    }
  }

  @Test
  void anImageThatTheGatewayDidNotWriteIsNotRun() throws Exception {
    TestClient[] clients = new TestClient[1];
    Kernel kernel = asleep(clients);
    try (TestClient client = clients[0]) {
      Path seal = image(kernel, 1).resolve("image.json");
      String text = Files.readString(seal);
      int at = text.indexOf("\"mac\":\"") + 7;
      char other = text.charAt(at) == 'A' ? 'B' : 'A';
      Files.writeString(seal, text.substring(0, at) + other + text.substring(at + 1));
      assertVariablesAlone(kernel, client, "not what this gateway wrote");
    }
  }

  @Test
  void whatOthersWroteToItsFilesMeanwhileIsAsIfItHadBeenIdle() throws Exception {
    TestClient[] clients = new TestClient[1];
    Kernel kernel = asleep(clients);
    // All kernels of a user have the database of IPython's history open.
    Kernel neighbor = gateway.start("python3");
    try (TestClient client = clients[0];
        TestClient other = TestClient.attach(neighbor, "other")) {
      Files.writeString(folder.resolve("notes.txt"), "more, by others", StandardOpenOption.APPEND);
      for (int cell = 0; cell < 20; cell++) {
        other.runToEnd("text = '%s'".formatted("x".repeat(10_000)));
      }
      other.runToEnd("get_ipython().history_manager.writeout_cache()");

      assertThat(
              client.runToEnd("print(next(steps), pid == os.getpid(), open('notes.txt').read())"))
          .isEqualTo("0 True somemore, by others\n");
      assertThat(client.runToEnd("get_ipython().history_manager.writeout_cache(); print(1)"))
          .isEqualTo("1\n");
      assertThat(image(kernel, 1)).doesNotExist();
    }
  }

  @Test
  void whereCriuCannotMakeItAgainTheVariablesAreTaken() throws Exception {
    TestClient[] clients = new TestClient[1];
    Kernel kernel = asleep(clients);
    try (TestClient client = clients[0]) {
      Files.delete(folder.resolve("notes.txt"));
      assertVariablesAlone(kernel, client, "criu restore ended with exit code");
    }
  }

  @Test
  void whereItsIdIsTakenTheOtherIsLeftAloneAndTheVariablesAreTaken() throws Exception {
    TestClient[] clients = new TestClient[1];
    Kernel kernel = gateway.start("python3");
    clients[0] = TestClient.attach(kernel, "one");
    long pid = pid(clients[0]);
    clients[0].close();
    kernel = asleepAgain(kernel, clients);
    try (TestClient client = clients[0]) {
      Process other = take(pid);
      try {
        assertVariablesAlone(kernel, client, "was given to another");
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isPresent();
      } finally {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        other.destroyForcibly();
      }
    }
  }

  private Kernel asleepAgain(Kernel kernel, TestClient[] out) throws Exception {
    TestClient client = TestClient.attach(kernel, "two");
    out[0] = client;
    client.runToEnd("x = [1, 2]; steps = (n for n in range(3)); pid = os.getpid()");
    hibernate(kernel);
    return kernel;
  }

  /** Another process gets that id: the next one that the system gives out. */
  private static Process take(long pid) throws Exception {
    String script =
        """
        for try in $(seq 200); do
          echo %d > /proc/sys/kernel/ns_last_pid
          sleep 300 &
          [ $! = %d ] && exec sleep 300
          kill $!
        done
        exit 1
        """
            .formatted(pid - 1, pid);
    Process shell = new ProcessBuilder("sh", "-c", script).start();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() ->
            ProcessHandle.of(pid)
                .flatMap(handle -> handle.info().command())
                .filter(command -> command.endsWith("sleep"))
                .isPresent());
    return shell;
  }

  /** CRIU as it is, that takes its time to write. */
  private Path slow(Path mark) throws IOException {
    Path script = folder.resolve("slow-criu");
    Files.writeString(
        script,
        """
        #!/bin/sh
        %s "$@"
        code=$?
        if [ "$1" = dump ]; then touch %s; sleep 2; fi
        exit $code
        """
            .formatted(criu, mark));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  private static void await(Path mark) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> Files.exists(mark));
  }

  @Test
  void aCellThatComesWhileTheImageIsWrittenRunsInTheProcess() throws Exception {
    Path mark = folder.resolve("written");
    use(slow(mark), KernelSettings.defaults());
    Kernel kernel = gateway.start("python3");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      long pid = pid(client);
      CompletableFuture<HibernationOutcome> sleep = kernel.hibernate();
      await(mark);

      assertThat(client.runToEnd("x = 1; print(x)")).isEqualTo("1\n");

      assertThat(sleep.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOf(HibernationOutcome.Refused.class);
      assertThat(pid(client)).isEqualTo(pid);
      assertThat(image(kernel, 1)).doesNotExist();
    }
  }

  @Test
  void aGatewayThatEndsWhileTheImageIsWrittenLeavesNoKernelThatStandsStill() throws Exception {
    Path mark = folder.resolve("written");
    use(slow(mark), KernelSettings.defaults());
    Kernel kernel = gateway.start("python3");
    long pid;
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      pid = pid(client);
    }
    CompletableFuture<HibernationOutcome> _ = kernel.hibernate();
    await(mark);
    gateway.reopen(KernelSettings.defaults());

    Kernel again = gateway.kernels().find(kernel.id()).orElseThrow();
    try (TestClient client = TestClient.attach(again, "two")) {
      assertThat(client.runToEnd("print(x)")).isEqualTo("1\n");
      assertThat(pid(client)).isEqualTo(pid);
    }
  }

  @Test
  void whatDoesNotFitBesideTheVariablesIsLeftOut() throws Exception {
    KernelSettings fixed = KernelSettings.defaults();
    use(criu, fixed.withHibernation(fixed.hibernation().withMaxBytes(1_000_000)));
    Kernel kernel = gateway.start("python3");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1; steps = (n for n in range(3))");
      HibernationOutcome.Hibernated slept = hibernate(kernel);
      assertThat(slept.snapshot().report().lost()).hasSize(1);
      assertThat(image(kernel, 1)).doesNotExist();
      assertThat(client.runToEnd("print(x, 'steps' in globals())")).isEqualTo("1 False\n");
    }
  }

  @Test
  void whoseProcessCannotBeKeptKeepsItsThreadsByRunningOn() throws Exception {
    KernelSettings fixed = KernelSettings.defaults();
    use(criu, fixed.withHibernation(fixed.hibernation().withMaxBytes(1_000_000)));
    Kernel kernel = gateway.start("python3");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd(
          "import threading, time; t = threading.Thread(target=lambda: time.sleep(99), daemon=True, name='nap'); t.start()");
      assertThat(outcome(kernel))
          .isInstanceOfSatisfying(
              HibernationOutcome.Refused.class,
              refused ->
                  assertThat(refused.why())
                      .contains("thread nap", "Its process cannot be kept with that"));
      assertThat(client.runToEnd("print(t.is_alive())")).isEqualTo("True\n");
    }
  }

  @Test
  void aRestartForgetsTheProcessToo() throws Exception {
    TestClient[] clients = new TestClient[1];
    Kernel kernel = asleep(clients);
    try (TestClient client = clients[0]) {
      kernel.restart();
      assertThat(client.runToEnd("print('x' in globals())")).isEqualTo("False\n");
      assertThat(image(kernel, 1)).doesNotExist();
    }
  }
}
