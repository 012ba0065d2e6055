// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.Attachment;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.KernelMonitor;
import io.elasticjupyter.kernels.KernelSettings;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.hibernation.SnapshotLimits;
import io.elasticjupyter.kernels.hibernation.SnapshotReport;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage;
import io.elasticjupyter.kernels.log.MemoryBudget;
import io.elasticjupyter.kernels.provisioner.local.LocalProvisioner;
import io.elasticjupyter.kernels.provisioner.local.LocalSettings;
import io.elasticjupyter.kernels.store.KernelStore;
import io.elasticjupyter.kernels.store.SleepRecord;
import io.elasticjupyter.testkit.KernelSpecFolder;
import io.elasticjupyter.wire.connection.Transport;
import io.elasticjupyter.wire.kernelspec.KernelSpecs;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.Messages;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers of the helper that come when another question was asked meanwhile. */
class LateAnswersIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long EARLIER_QUESTION = 0;

  /** More starts than there are here: which of them counts is the kernel's own affair. */
  private static final int STARTS = 10;

  @TempDir Path folder;
  private KernelLife life;
  private Conversation conversation;

  @BeforeEach
  void start() throws Exception {
    KernelSpecFolder specs = KernelSpecFolder.in(folder.resolve("specs"));
    specs.ipykernel("python3");
    LocalProvisioner provisioner =
        new LocalProvisioner(
            new LocalSettings(
                Transport.TCP,
                "127.0.0.1",
                folder.resolve("s"),
                Optional.empty(),
                folder,
                Map.of("PATH", System.getenv("PATH"), "HOME", folder.toString()),
                1 << 20),
            new SecureRandom());
    KernelParts parts =
        new KernelParts(
            provisioner,
            KernelSettings.defaults(),
            new MemoryBudget(1 << 20),
            KernelMonitor.none(),
            InstantSource.system(),
            provisioner.sleepRoom(folder),
            Optional.empty(),
            new SnapshotUsage(SnapshotLimits.defaults()),
            () -> UUID.randomUUID().toString(),
            () -> true);
    KernelId id = new KernelId(UUID.randomUUID().toString());
    KernelIdentity identity =
        new KernelIdentity(
            id,
            new KernelSpecs(List.of(specs.path()), Optional.empty()).find("python3").orElseThrow(),
            "",
            Map.of(),
            Optional.empty(),
            parts.clock().instant(),
            KernelIdentity.newZmqIdentity("test"),
            Optional.empty(),
            new KernelStore(folder).folder(id));
    identity
        .folder()
        .write(identity.record(null, false, null, false, SleepRecord.NEVER, HeldTime.NOTHING));
    conversation = new Conversation(identity, parts);
    life = new KernelLife(identity, parts, conversation);
    life.begin();
    await(LifeState.Running.class);
  }

  @AfterEach
  void end() throws Exception {
    life.post(new LifeEvent.Delete("The test ends.", false));
    assertThat(life.awaitEnd(PATIENCE)).isTrue();
  }

  private void await(Class<? extends LifeState> state) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> state.isInstance(life.state()));
  }

  private void run(String code) throws InterruptedException {
    ObjectNode content =
        JsonNodeFactory.instance
            .objectNode()
            .put("code", code)
            .put("silent", false)
            .put("store_history", true)
            .put("allow_stdin", false)
            .put("stop_on_error", true);
    content.putObject("user_expressions");
    Messages messages =
        new Messages(() -> UUID.randomUUID().toString(), InstantSource.system(), "one", "test");
    Attachment attachment = conversation.attach(Optional.of("one"));
    attachment.submit(
        messages.message(Channel.SHELL, "execute_request", Messages.NO_PARENT, content));
    Awaitility.await().atMost(PATIENCE).until(() -> !conversation.isInUse());
    attachment.close();
  }

  private CompletableFuture<HibernationOutcome> hibernate() {
    CompletableFuture<HibernationOutcome> done = new CompletableFuture<>();
    life.post(new LifeEvent.Hibernate(new SleepReason.Asked(), done::complete));
    return done;
  }

  private void answerLate(HelperAnswer answer) {
    for (int start = 0; start < STARTS; start++) {
      life.post(new LifeEvent.HelperAnswered(start, EARLIER_QUESTION, answer));
    }
  }

  private static HibernationOutcome outcome(CompletableFuture<HibernationOutcome> done)
      throws Exception {
    return done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void doNotEndATryToSleep() throws Exception {
    CompletableFuture<HibernationOutcome> done = hibernate();
    // Behind it in the mailbox, and before the helper can have answered.
    answerLate(new HelperAnswer.Failed("no-answer", "The kernel did not answer in time."));

    assertThat(outcome(done)).isInstanceOf(HibernationOutcome.Hibernated.class);
  }

  @Test
  void doNotWakeAKernelThatHasNotItsVariablesYet() throws Exception {
    run(
        """
        class Slow:
            def __getstate__(self): return {'seconds': 2}
            def __setstate__(self, state):
                import time; time.sleep(state['seconds'])
        slow = Slow()
        """);
    assertThat(outcome(hibernate())).isInstanceOf(HibernationOutcome.Hibernated.class);
    life.post(new LifeEvent.Wanted());
    await(LifeState.Waking.class);

    answerLate(
        new HelperAnswer.Restored(new SnapshotReport(0, List.of(), List.of(), List.of(), 0, 0)));

    assertThat(outcome(hibernate()))
        .as("asked behind it, while it is still waking")
        .isInstanceOfSatisfying(
            HibernationOutcome.Refused.class,
            refused -> assertThat(refused.why()).contains("does not run"));
    await(LifeState.Running.class);
  }
}
