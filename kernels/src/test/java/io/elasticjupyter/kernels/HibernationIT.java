// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.hibernation.HibernationSettings.OnLoss;
import io.elasticjupyter.kernels.idle.IdleSettings;
import io.elasticjupyter.wire.message.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels that fall asleep with their variables and are woken, with the real ipykernel. */
class HibernationIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PID = "import os; print(os.getpid())";

  @TempDir Path folder;
  private KernelsUnderTest gateway;

  @BeforeEach
  void open() throws Exception {
    gateway = new KernelsUnderTest(folder, KernelSettings.defaults());
    gateway.specs.ipykernel("python3");
  }

  @AfterEach
  void close() throws Exception {
    gateway.close();
  }

  private Kernel start() throws KernelFailure {
    return gateway.start("python3");
  }

  private static HibernationOutcome outcome(Kernel kernel) throws Exception {
    return kernel.hibernate().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void hibernate(Kernel kernel) throws Exception {
    assertThat(outcome(kernel)).isInstanceOf(HibernationOutcome.Hibernated.class);
  }

  private static long pid(TestClient client) throws InterruptedException {
    return Long.parseLong(client.runToEnd(PID).strip());
  }

  private static String notice(TestClient client, String part) {
    return client
        .await(m -> m.type().equals("stream") && text(m).contains(part))
        .content()
        .path("text")
        .asText();
  }

  private static String text(TestClient.Received message) {
    return message.content().path("text").asText();
  }

  @Test
  void theNextCellFindsEverythingAsItWas() throws Exception {
    Kernel kernel = start();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      long before = pid(client);
      client.runToEnd(
          """
          import math, random
          class Point:
              def __init__(self, x): self.x = x
              def twice(self): return scale * self.x
          scale = 2
          points = [Point(n) for n in range(3)]
          alias = points
          random.seed(1); random.random()
          expected = random.getstate()
          """);
      client.runToEnd("points[1].twice()");

      hibernate(kernel);

      assertThat(ProcessHandle.of(before)).isEmpty();
      assertThat(kernel.model().executionState()).isEqualTo(ExecutionState.IDLE);
      assertThat(kernel.model().reason().orElse("")).contains("hibernates since", "Run a cell");
      assertThat(notice(client, "The kernel hibernates")).contains("kept", "Run any cell");

      String answer =
          client.runToEnd(
              "scale = 5; print(alias is points, points[2].twice(), math.pi, random.getstate() == expected, Out[3])");
      assertThat(answer).isEqualTo("True 10 3.141592653589793 True 2\n");
      assertThat(pid(client)).isNotEqualTo(before);
      assertThat(notice(client, "The kernel slept for")).contains("woke in", "as before");
      assertThat(client.runToEnd("print(In[2][:6], len(In))")).isEqualTo("import 7\n");
      assertThat(kernel.model().snapshot()).isEmpty();
    }
  }

  @Test
  void aKernelMovesToAnotherKernelspecWithItsVariables() throws Exception {
    gateway.specs.ipykernel("large", Map.of("SIZE", "large"));
    gateway.specs.scripted("other");
    Kernel kernel = start();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = [1]; y = x; import os");

      HibernationOutcome moved =
          kernel.move(gateway.spec("large")).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      assertThat(moved).isInstanceOf(HibernationOutcome.Hibernated.class);
      assertThat(client.runToEnd("print(x is y, os.environ.get('SIZE'))"))
          .isEqualTo("True large\n");
      assertThat(kernel.model().name()).isEqualTo("large");

      HibernationOutcome refused =
          kernel.move(gateway.spec("other")).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(refused)
          .isInstanceOfSatisfying(
              HibernationOutcome.Unfit.class,
              unfit -> assertThat(unfit.why()).contains("other", "another language"));
      assertThat(client.runToEnd("print(x)")).isEqualTo("[1]\n");
    }
  }

  @Test
  void twiceInARowAndOverARestartOfTheGateway() throws Exception {
    Kernel kernel = start();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      hibernate(kernel);
      client.runToEnd("x += 1");
      hibernate(kernel);
    }
    gateway.reopen(KernelSettings.defaults());

    Kernel again = gateway.kernels().find(kernel.id()).orElseThrow();
    assertThat(again.model().reason().orElse("")).contains("hibernates since");
    try (TestClient client = TestClient.attach(again, "one")) {
      assertThat(kernelInfo(client).path("language_info").path("name").asText())
          .isEqualTo("python");
      assertThat(again.model().snapshot()).isPresent();
      assertThat(client.runToEnd("x += 1; print(x)")).isEqualTo("3\n");
    }
  }

  private static JsonNode kernelInfo(TestClient client) throws InterruptedException {
    String id = client.send(Channel.SHELL, "kernel_info_request", object());
    return client.awaitReply(id).content();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  @Test
  void whatAPageAsksDoesNotWakeIt() throws Exception {
    Kernel kernel = start();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      hibernate(kernel);

      assertThat(kernelInfo(client).path("implementation").asText()).isEqualTo("ipython");
      for (String type :
          List.of(
              "comm_info_request",
              "history_request",
              "complete_request",
              "inspect_request",
              "is_complete_request")) {
        String id =
            client.send(Channel.SHELL, type, object().put("code", "x.").put("cursor_pos", 2));
        client.awaitReply(id);
        client.await(m ->
            m.type().equals("status")
                && m.parentId().equals(id)
                && m.content().path("execution_state").asText().equals("idle"));
      }
      kernel.interrupt();

      assertThat(kernel.model().snapshot()).isPresent();
    }
  }

  @Test
  void manyCellsThatComeTogetherRunInOrderInOneProcess() throws Exception {
    Kernel kernel = start();
    try (TestClient one = TestClient.attach(kernel, "one");
        TestClient two = TestClient.attach(kernel, "two")) {
      one.runToEnd("seen = []");
      hibernate(kernel);

      for (int number = 0; number < 10; number++) {
        (number % 2 == 0 ? one : two).run("seen.append(%d)".formatted(number));
      }
      assertThat(one.runToEnd("print(seen)")).isEqualTo("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
    }
  }

  @Test
  void aBusyKernelRunsOn() throws Exception {
    Kernel kernel = start();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      String cell = client.run("import time\nprint('begun')\ntime.sleep(2)\nprint('ended')");
      client.await(m -> m.type().equals("stream"));

      assertThat(outcome(kernel)).isInstanceOf(HibernationOutcome.Refused.class);

      client.awaitReply(cell);
      client.runToEnd(
          "import threading\nworking = threading.Thread(target=lambda: time.sleep(600), name='training', daemon=True)\nworking.start()");
      assertThat(outcome(kernel))
          .isInstanceOfSatisfying(
              HibernationOutcome.Refused.class,
              refused -> assertThat(refused.why()).contains("training"));
      assertThat(client.runToEnd("print(1)")).isEqualTo("1\n");
    }
  }

  @Test
  void aCellThatComesDuringTheSaveRunsAtOnceInTheProcessThatIsThere() throws Exception {
    Kernel kernel = start();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      long before = pid(client);
      client.runToEnd(
          """
          import time
          class Slow:
              def __reduce__(self):
                  time.sleep(5)
                  return (Slow, ())
          slow = Slow()
          """);
      CompletableFuture<HibernationOutcome> outcome = kernel.hibernate();
      Awaitility.await().until(() -> kernel.model().reason().isPresent());

      assertThat(pid(client)).isEqualTo(before);
      assertThat(outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOf(HibernationOutcome.Refused.class);
      assertThat(client.runToEnd("print(type(slow).__name__)")).isEqualTo("Slow\n");
    }
  }

  @Test
  void whatCannotBeSavedIsToldByNameAndNothingElseIsLost() throws Exception {
    Kernel kernel = start();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("def count():\n    yield 1\ngenerator = count()\nkept = [1, 2]");
      hibernate(kernel);

      assertThat(notice(client, "The kernel hibernates")).contains("lost: generator (");
      assertThat(client.runToEnd("print(kept, 'generator' in globals())"))
          .isEqualTo("[1, 2] False\n");
    }
  }

  @Test
  void aPolicyKeepsAKernelThatWouldLoseSomething() throws Exception {
    gateway.reopen(
        KernelSettings.defaults()
            .withHibernation(HibernationSettings.defaults().withOnLoss(OnLoss.KEEP_RUNNING)));
    Kernel kernel = start();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("generator = (n for n in range(3))");

      assertThat(outcome(kernel))
          .isInstanceOfSatisfying(
              HibernationOutcome.Failed.class,
              failed -> assertThat(failed.why()).contains("generator"));
      assertThat(client.runToEnd("print(next(generator))")).isEqualTo("0\n");
    }
  }

  @Test
  void theIdleRuleLetsAConnectedKernelSleepAndTheNextCellWakesIt() throws Exception {
    gateway.reopen(
        KernelSettings.defaults()
            .withIdle(
                new IdleSettings(
                    Duration.ofSeconds(1), Duration.ofMillis(200), false, false, Duration.ZERO)));
    Kernel kernel = start();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 41");

      assertThat(notice(client, "The kernel was idle for")).contains("hibernates");
      assertThat(client.runToEnd("print(x + 1)")).isEqualTo("42\n");
    }
  }

  @Test
  void aDeletedKernelLeavesNoSnapshotAndARestartedOneStartsEmpty() throws Exception {
    Kernel kernel = start();
    Path kept = folder.resolve("state").resolve("kernels").resolve(kernel.id().value());
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      hibernate(kernel);
      assertThat(files(kept.resolve("snapshots"))).isNotEmpty();

      kernel.restart();
      assertThat(client.runToEnd("print('x' in globals())")).isEqualTo("False\n");

      hibernate(kernel);
      gateway.kernels().delete(kernel.id());
      Awaitility.await().atMost(PATIENCE).until(() -> Files.notExists(kept));
    }
  }

  private static List<Path> files(Path below) throws IOException {
    try (Stream<Path> walk = Files.walk(below)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void aSnapshotThatWasTamperedWithIsRefusedAndTheKernelSleepsOn() throws Exception {
    Kernel kernel = start();
    Path kept = folder.resolve("state").resolve("kernels").resolve(kernel.id().value());
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      hibernate(kernel);
      Path manifest =
          files(kept.resolve("snapshots")).stream()
              .filter(file -> file.endsWith("manifest.json"))
              .findFirst()
              .orElseThrow();
      byte[] good = Files.readAllBytes(manifest);
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 1;
      Files.write(manifest, bad);

      TestClient.Received reply = client.awaitReply(client.run("print(x)"));
      assertThat(reply.content().path("ename").asText()).isEqualTo("KernelNotWoken");
      assertThat(reply.content().path("evalue").asText())
          .contains("cannot be woken with what it held", "key");
      assertThat(kernel.model().snapshot()).isPresent();

      Files.write(manifest, good);
      assertThat(client.runToEnd("print(x)")).isEqualTo("1\n");
    }
  }

  @Test
  void aProcessThatIsKilledWhileItWakesIsStartedOnceMore() throws Exception {
    Kernel kernel = start();
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd(
          """
          import os, pathlib
          flag = pathlib.Path(%s)
          class Deadly:
              def __reduce__(self): return (revive, ())
          def revive():
              if os.getppid() != parent and not flag.exists():
                  flag.touch()
                  os.kill(os.getpid(), 9)
              return Deadly()
          parent = os.getpid()
          deadly = Deadly()
          """
              .formatted("'" + folder.resolve("died-once") + "'"));
      hibernate(kernel);

      assertThat(client.runToEnd("print(type(deadly).__name__)")).isEqualTo("Deadly\n");
      assertThat(folder.resolve("died-once")).exists();
    }
  }
}
