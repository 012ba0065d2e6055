// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.idle.IdleSettings;
import io.elasticjupyter.testkit.KernelSpecFolder.Spec;
import io.elasticjupyter.testkit.PythonEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kernels whose kernelspec says how they are saved: texts of a language that the gateway knows
 * nothing of. The language here is Python by another name, so that the test needs no other.
 */
class SessionTextsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String SAVE =
      """
      def _save(path, url, token, certificate):
          import base64, json, pickle, ssl, urllib.request
          names = [n for n, v in globals().items() if n[0] not in "_I" and isinstance(v, (int, str, list))]
          with open(path, "wb") as file:
              pickle.dump({n: globals()[n] for n in names}, file)
          if url:
              body = open(path, "rb").read()
              head = {"Authorization": "Bearer " + token}
              context = ssl.create_default_context(cadata=base64.b64decode(certificate))
              urllib.request.urlopen(urllib.request.Request(url, body, head, method="PUT"), context=context).read()
          print(json.dumps({"status": "saved", "report": {"kept": names}}))
      _save("@PATH@", "@URL@", "@TOKEN@", "@CERTIFICATE@")
      """;

  private static final String RESTORE =
      """
      def _restore(path, url, token, certificate):
          import base64, json, pickle, ssl, urllib.request
          if url:
              head = {"Authorization": "Bearer " + token}
              context = ssl.create_default_context(cadata=base64.b64decode(certificate))
              with open(path, "wb") as file:
                  file.write(urllib.request.urlopen(urllib.request.Request(url, headers=head), context=context).read())
          with open(path, "rb") as file:
              held = pickle.load(file)
          globals().update(held)
          print("a package says hello")
          print(json.dumps({"status": "restored", "report": {"kept": list(held)}}))
      _restore("@PATH@", "@URL@", "@TOKEN@", "@CERTIFICATE@")
      """;

  @TempDir Path folder;
  private KernelsUnderTest gateway;

  @BeforeEach
  void open() throws Exception {
    gateway = new KernelsUnderTest(folder, KernelSettings.defaults());
  }

  @AfterEach
  void close() throws Exception {
    gateway.close();
  }

  private void spec(String save, String restore) {
    gateway.specs.add(
        Spec.of(
                "other",
                List.of(
                    PythonEnvironment.get().python().toString(),
                    "-m",
                    "ipykernel_launcher",
                    "-f",
                    "{connection_file}"))
            .withLanguage("other")
            .withMetadata(Map.of("hibernate", Map.of("save", save, "restore", lines(restore)))));
  }

  private static List<String> lines(String text) {
    return Arrays.asList(text.split("\n", -1));
  }

  private static HibernationOutcome outcome(Kernel kernel) throws Exception {
    return kernel.hibernate().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void hibernate(Kernel kernel) throws Exception {
    assertThat(outcome(kernel)).isInstanceOf(HibernationOutcome.Hibernated.class);
  }

  private static void assertFails(Kernel kernel, String... words) throws Exception {
    assertThat(outcome(kernel))
        .isInstanceOfSatisfying(
            HibernationOutcome.Failed.class, failed -> assertThat(failed.why()).contains(words));
  }

  private static String text(TestClient.Received message) {
    return message.content().path("text").asText();
  }

  private static String notice(TestClient client, String part) {
    return text(client.await(m -> m.type().equals("stream") && text(m).contains(part)));
  }

  private Path snapshots(Kernel kernel) {
    return folder.resolve("state/kernels").resolve(kernel.id().value()).resolve("snapshots");
  }

  @Test
  void theTextsOfAKernelspecKeepWhatTheirLanguageHolds() throws Exception {
    spec(SAVE, RESTORE);
    Kernel kernel = gateway.start("other");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = [1]; y = 'kept'; z = {}");
      hibernate(kernel);
      assertThat(notice(client, "The kernel hibernates")).contains("2 variables", "are kept");

      assertThat(client.runToEnd("x.append(2); print(x, y, 'z' in globals())"))
          .isEqualTo("[1, 2] kept False\n");
      assertThat(notice(client, "The kernel slept for")).contains("2 variables are as before");
      hibernate(kernel);
      assertThat(client.runToEnd("print(x)")).isEqualTo("[1, 2]\n");
      hibernate(kernel);

      assertThat(names(snapshots(kernel))).containsExactlyInAnyOrder("gen-000002", "gen-000003");
      assertThat(client.received())
          .as("what the texts print is no cell's")
          .noneMatch(m -> text(m).contains("report") || text(m).contains("says hello"))
          .noneMatch(m -> m.content().path("code").asText().contains("_save"));
    }
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).toList();
    }
  }

  @Test
  void aFileThatWasChangedIsNotRestored() throws Exception {
    spec(SAVE, RESTORE + "open('" + folder.resolve("ran") + "', 'w')\n");
    Kernel kernel = gateway.start("other");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      hibernate(kernel);
      Path file = snapshots(kernel).resolve("gen-000001/session");
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      bad[bad.length - 3] ^= 1;
      Files.write(file, bad);

      TestClient.Received reply = client.awaitReply(client.run("print(x)"));
      assertThat(reply.content().path("ename").asText()).isEqualTo("KernelNotWoken");
      assertThat(reply.content().path("evalue").asText()).contains("was changed");
      assertThat(folder.resolve("ran")).doesNotExist();

      Files.write(file, good);
      Files.delete(file.resolveSibling("session.mac"));
      reply = client.awaitReply(client.run("print(x)"));
      assertThat(reply.content().path("evalue").asText()).contains("not there any more");
      assertThat(folder.resolve("ran")).doesNotExist();
    }
  }

  @Test
  void aTextThatFailsLeavesTheKernelRunningAndSaysWhy() throws Exception {
    gateway.reopen(
        KernelSettings.defaults()
            .withHibernation(HibernationSettings.defaults().withMaxBytes(1_000)));
    spec("raise ValueError('no room in ' + \"@PATH@\"[:1])", RESTORE);
    Kernel failing = gateway.start("other");
    try (TestClient client = TestClient.attach(failing, "one")) {
      client.runToEnd("x = 1");
      assertFails(failing, "text for saving failed: ValueError no room in /");
      assertThat(client.runToEnd("print(x)")).isEqualTo("1\n");
    }
    spec("print('something')", RESTORE);
    assertFails(started(), "printed something else than its report: something");
    spec("x = 1", RESTORE);
    assertFails(started(), "printed no report");
    spec("print('{\"status\": \"saved\", \"report\": {}}')", RESTORE);
    assertFails(started(), "wrote nothing");
    spec("open('@PATH@', 'w'); print('{\"status\": \"saved\", \"report\": {}}')", RESTORE);
    assertFails(started(), "wrote an empty file");
    spec(
        "open('@PATH@', 'w').write('x' * 1001); print('{\"status\": \"saved\", \"report\": {}}')",
        RESTORE);
    Kernel large = started();
    assertFails(large, "1,001 bytes are more than the 1,000", "One snapshot may take 1.0 kB here.");
    assertThat(names(snapshots(large))).as("what came to nothing is not left").isEmpty();
    spec("print('{\"status\": \"failed\", \"message\": \"not today\"}')", RESTORE);
    assertFails(started(), "not today");
  }

  private Kernel started() throws Exception {
    Kernel kernel = gateway.start("other");
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> kernel.model().executionState() == ExecutionState.IDLE);
    return kernel;
  }

  @Test
  void aTextThatHangsIsInterruptedAndTheKernelRunsOn() throws Exception {
    HibernationSettings fixed = HibernationSettings.defaults();
    gateway.reopen(
        KernelSettings.defaults()
            .withHibernation(fixed.withSaveTimeout(Duration.ofSeconds(2)))
            .withIdle(
                new IdleSettings(
                    Duration.ofSeconds(1), Duration.ofMillis(200), false, false, Duration.ZERO)));
    spec("import time\nwhile True: time.sleep(1)", RESTORE);
    Kernel kernel = gateway.start("other");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      assertThat(notice(client, "could not hibernate"))
          .contains("did not answer within 2 seconds", "tried again later");
      assertThat(client.runToEnd("print(x)")).isEqualTo("1\n");
    }
  }

  @Test
  void aTextThatFailsToRestoreLeavesTheKernelAsleep() throws Exception {
    spec(SAVE, "raise ValueError('not this time')");
    Kernel kernel = gateway.start("other");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd("x = 1");
      hibernate(kernel);
      TestClient.Received reply = client.awaitReply(client.run("print(x)"));
      assertThat(reply.content().path("evalue").asText())
          .contains("text for restoring failed: ValueError not this time", "still saved");
      assertThat(kernel.model().snapshot()).isPresent();
    }
  }

  @Test
  void aPlaceThatCannotStandInATextIsNamed() throws Exception {
    gateway.close();
    gateway = new KernelsUnderTest(folder.resolve("it's here"), KernelSettings.defaults());
    spec(SAVE, RESTORE);
    assertFails(started(), "it's here", "cannot stand in a text of every language");
  }

  @Test
  void aLanguageWithoutTextsIsEndedWithANotice() throws Exception {
    gateway.reopen(
        KernelSettings.defaults()
            .withIdle(
                new IdleSettings(
                    Duration.ofSeconds(1), Duration.ofMillis(200), true, false, Duration.ZERO)));
    gateway.specs.scripted("scripted");
    Kernel kernel = gateway.start("scripted");
    try (TestClient client = TestClient.attach(kernel, "one")) {
      assertThat(notice(client, "was idle for")).contains("was stopped", "variables are gone");
      client.awaitEnd();
    }
  }

  @Test
  void elsewhereTheFileIsHandedOver() throws Exception {
    gateway.close();
    try (VaultElsewhere vault = new VaultElsewhere(folder.resolve("of-the-pod"))) {
      gateway = new KernelsUnderTest(folder, KernelSettings.defaults(), vault::with);
      spec(SAVE, RESTORE);
      Kernel kernel = gateway.start("other");
      try (TestClient client = TestClient.attach(kernel, "one")) {
        client.runToEnd("x = [1]");
        hibernate(kernel);
        assertThat(names(snapshots(kernel).resolve("gen-000001")))
            .containsExactlyInAnyOrder("session", "session.mac");
        Files.delete(folder.resolve("of-the-pod/session"));
        assertThat(client.runToEnd("print(x)")).isEqualTo("[1]\n");
      }
      spec(SAVE.replace("@URL@", ""), RESTORE.replace("@URL@", ""));
      assertThat(outcome(started()))
          .isInstanceOfSatisfying(
              HibernationOutcome.Failed.class,
              failed -> {
                assertThat(failed.forGood()).isTrue();
                assertThat(failed.why()).contains("of the kernel's own machine", "@URL@");
              });
      spec(SAVE.replace("@CERTIFICATE@", ""), RESTORE);
      assertThat(outcome(started()))
          .isInstanceOfSatisfying(
              HibernationOutcome.Failed.class,
              failed -> {
                assertThat(failed.forGood()).isTrue();
                assertThat(failed.why()).contains("to whoever answers", "@CERTIFICATE@");
              });
    }
  }
}
