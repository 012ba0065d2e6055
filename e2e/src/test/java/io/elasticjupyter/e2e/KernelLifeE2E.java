// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.testkit.KernelSpecFolder;
import io.elasticjupyter.testkit.KernelSpecFolder.Spec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Kernels that start slowly, not at all, or crash, and what their users are told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KernelLifeE2E {

  private final Cleanup cleanup = new Cleanup();
  private Rest rest;

  @BeforeAll
  void start(@TempDir Path directory) {
    KernelSpecFolder specs =
        KernelSpecFolder.in(directory)
            .scripted("scripted")
            .scripted("slow", "--delay", "2")
            .scripted("never", "--never-answer")
            .scripted("exits", "--complain", "no module named torch", "--exit-at-once", "3")
            .scripted("deaf", "--ignore-shutdown", "--ignore-term")
            .add(Spec.of("missing", List.of("/no/such/program", "{connection_file}")));
    Spec scripted = specs.scriptedSpec("clash");
    specs.add(clashesOnce(directory, scripted));
    rest =
        cleanup
            .add(
                GatewayProgram.startWith(
                    // As a JupyterLab or a notebook that starts us would tell.
                    Map.of("JPY_PARENT_PID", Long.toString(ProcessHandle.current().pid())),
                    directory,
                    specs.path()))
            .rest();
  }

  @AfterAll
  void stop() throws Exception {
    cleanup.close();
  }

  @Test
  void aKernelIsAnsweredBeforeItIsThereAndWhatIsSentMeanwhileIsHeldInOrder() {
    ObjectNode body = Rest.JSON.createObjectNode().put("name", "slow");
    long begun = System.nanoTime();
    JsonNode model = rest.post("/api/kernels", body).json();
    Duration answered = Duration.ofNanos(System.nanoTime() - begun);

    assertThat(model.path("execution_state").asText()).isEqualTo("starting");
    assertThat(answered).isLessThan(Duration.ofSeconds(2));
    String kernel = model.path("id").asText();
    try (KernelSocket client = KernelSocket.open(rest, kernel)) {
      List<String> requests = new ArrayList<>();
      for (int number = 0; number < 20; number++) {
        requests.add(client.execute("print " + number));
      }
      client.awaitIdle(requests.getLast());
      List<String> texts =
          client.messages().stream()
              .filter(message -> message.is("stream") && requests.contains(message.parentId()))
              .map(message -> message.text().strip())
              .filter(text -> text.matches("\\d+"))
              .toList();
      assertThat(texts)
          .hasSize(20)
          .isSortedAccordingTo((a, b) -> Integer.parseInt(a) - Integer.parseInt(b));
    }
    rest.delete("/api/kernels/" + kernel);
  }

  @Test
  void aKernelWhoseProgramIsMissingIsDeadAndSaysSo() {
    assertDeadWithReason("missing", Map.of(), "/no/such/program");
  }

  @Test
  void aKernelThatExitsAtOnceIsDeadWithWhatItComplainedOf() {
    assertDeadWithReason("exits", Map.of(), "no module named torch");
  }

  @Test
  void aKernelThatNeverAnswersIsDeadAfterItsLaunchTimeout() {
    assertDeadWithReason("never", Map.of("KERNEL_LAUNCH_TIMEOUT", "3"), "answer");
  }

  @Test
  void aKernelWhosePortWasTakenIsStartedAgain() {
    String kernel = rest.startKernel("clash");
    try (KernelSocket client = KernelSocket.open(rest, kernel)) {
      assertThat(client.run("print hello")).isEqualTo("hello\n");
    }
    rest.delete("/api/kernels/" + kernel);
  }

  @Test
  void aKernelIsNotToldOfAParentThatItWouldFollowToDeath() {
    String kernel = rest.startKernel("scripted");
    try (KernelSocket client = KernelSocket.open(rest, kernel)) {
      assertThat(client.run("env JPY_PARENT_PID")).isEqualTo("(unset)\n");
    }
    rest.delete("/api/kernels/" + kernel);
  }

  @Test
  void aCrashedKernelComesBackAndItsClientIsToldInItsOpenSocket() {
    String kernel = rest.startKernel("scripted");
    try (KernelSocket client = KernelSocket.open(rest, kernel)) {
      String before = client.run("pid");
      String request = client.execute("crash");
      client.await(
          "restarting",
          message -> message.isStatus("restarting") || message.isStatus("autorestarting"));
      assertThat(client.awaitReply(request).content().path("status").asText())
          .as("the cell that crashed it does not wait for ever")
          .isEqualTo("error");

      assertThat(client.run("pid")).isNotEqualTo(before);
      assertThat(rest.kernel(kernel).path("id").asText()).isEqualTo(kernel);
    }
    rest.delete("/api/kernels/" + kernel);
  }

  @Test
  void aDeletedKernelIsGoneAtOnceWithAllItsProcessesEvenIfItIsDeaf() {
    String kernel = rest.startKernel("deaf");
    long process;
    long child;
    try (KernelSocket client = KernelSocket.open(rest, kernel)) {
      process = Long.parseLong(client.run("pid").strip());
      child = Long.parseLong(client.run("child 600").strip());
      long begun = System.nanoTime();
      assertThat(rest.delete("/api/kernels/" + kernel).status()).isEqualTo(204);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
      assertThat(rest.get("/api/kernels/" + kernel).status()).isEqualTo(404);

      client.await("dead", message -> message.isStatus("dead"));
      client.awaitClosed(KernelSocket.PATIENCE);
    }
    Awaitility.await("its processes are gone")
        .atMost(KernelSocket.PATIENCE)
        .until(() -> ProcessHandle.of(process).isEmpty() && ProcessHandle.of(child).isEmpty());
  }

  private void assertDeadWithReason(String spec, Map<String, String> env, String reason) {
    ObjectNode body = Rest.JSON.createObjectNode().put("name", spec);
    ObjectNode variables = body.putObject("env");
    env.forEach(variables::put);
    String kernel = rest.post("/api/kernels", body).json().path("id").asText();
    try (KernelSocket client = KernelSocket.open(rest, kernel)) {
      String request = client.execute("print hello");

      ClientMessage reply = client.awaitReply(request);
      assertThat(reply.content().path("status").asText()).isEqualTo("error");
      client.await(
          "the reason in the notebook", message -> message.content().toString().contains(reason));
      client.await("dead", message -> message.isStatus("dead"));
      rest.awaitKernel(kernel, "dead");
      assertThat(rest.kernel(kernel).path("reason").asText()).contains(reason);
    }
    rest.delete("/api/kernels/" + kernel);
  }

  /** Fails the first time as a kernel does that lost the race for one of its ports. */
  private static Spec clashesOnce(Path directory, Spec scripted) {
    String script =
        """
        if [ ! -e "$0" ]; then
          touch "$0"
          echo "zmq.error.ZMQError: Address already in use (addr='tcp://127.0.0.1:50123')" >&2
          exit 1
        fi
        exec "$@"
        """;
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", script));
    argv.add(directory.resolve("clashed").toString());
    argv.addAll(scripted.argv());
    return Spec.of("clash", argv);
  }
}
