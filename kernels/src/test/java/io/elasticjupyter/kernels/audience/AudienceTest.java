// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.audience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.Delivery;
import io.elasticjupyter.kernels.Delivery.EndReason;
import io.elasticjupyter.kernels.log.LogEntry.Kind;
import io.elasticjupyter.kernels.log.LogLimits;
import io.elasticjupyter.kernels.log.MemoryBudget;
import io.elasticjupyter.kernels.log.OutputLog;
import io.elasticjupyter.testkit.ManualClock;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudienceTest {

  @TempDir Path folder;
  private final ManualClock clock = ManualClock.atNoon();
  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicBoolean present = new AtomicBoolean(true);
  private OutputLog log;
  private Audience audience;

  @BeforeEach
  void create() {
    log = new OutputLog(folder.resolve("log"), LogLimits.defaults(), new MemoryBudget(1 << 30));
    audience =
        new Audience(
            log,
            AudienceSettings.defaults(),
            clock,
            () -> "" + ids.incrementAndGet(),
            present::get);
  }

  private void say(@Nullable String target, int from, int to) {
    IntStream.range(from, to).forEach(n -> log.append(Kind.BULK, target, message(n)));
  }

  private static JupyterMessage message(int number) {
    byte[] empty = "{}".getBytes(UTF_8);
    return new JupyterMessage(
        Channel.IOPUB, empty, empty, empty, Integer.toString(number).getBytes(UTF_8), List.of());
  }

  private LiveAttachment attach(@Nullable String session) {
    return audience.attach(Optional.ofNullable(session), (key, m) -> {}, (c, b) -> message(-1));
  }

  /** Takes everything that is there; confirms it if wanted. */
  private static List<Integer> take(LiveAttachment attachment, boolean confirm)
      throws InterruptedException {
    List<Integer> numbers = new ArrayList<>();
    while (attachment.take(1 << 20, Duration.ZERO) instanceof Delivery.Messages batch) {
      for (Delivery.Numbered one : batch.messages()) {
        numbers.add(Integer.parseInt(new String(one.message().content(), UTF_8)));
        if (confirm) {
          attachment.acknowledge(one.sequence());
        }
      }
    }
    return numbers;
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  @Test
  void theFirstClientGetsEverythingFromTheStart() throws Exception {
    say(null, 0, 5);

    assertThat(take(attach("a"), true)).isEqualTo(numbers(0, 5));
  }

  @Test
  void nothingIsGivenByAGatewayThatWasAwayUntilItKnowsWhoseTheKernelIs() throws Exception {
    LiveAttachment client = attach("a");
    say(null, 0, 5);
    present.set(false);
    assertThat(take(client, true)).isEmpty();

    present.set(true);

    assertThat(take(client, true)).isEqualTo(numbers(0, 5));
  }

  @Test
  void aSessionThatComesBackGoesOnBehindWhatItConfirmed() throws Exception {
    LiveAttachment first = attach("a");
    say(null, 0, 5);
    take(first, true);
    say(null, 5, 8);
    take(first, false);
    first.close();
    say(null, 8, 10);

    assertThat(take(attach("a"), true)).isEqualTo(numbers(5, 10));
  }

  @Test
  void aNewTabGetsWhatWasSaidWhileNobodyListened() throws Exception {
    LiveAttachment first = attach("a");
    say(null, 0, 5);
    take(first, true);
    first.close();
    say(null, 5, 9);

    assertThat(take(attach("b"), true)).isEqualTo(numbers(5, 9));
    assertThat(take(attach("a"), true)).isEqualTo(numbers(5, 9));
  }

  @Test
  void aNewTabInheritsAlsoWhileAnotherClientStays() throws Exception {
    LiveAttachment stays = attach("stays");
    LiveAttachment leaves = attach("leaves");
    say(null, 0, 5);
    take(stays, true);
    take(leaves, true);
    leaves.close();
    say(null, 5, 9);

    assertThat(take(attach("new"), true)).isEqualTo(numbers(5, 9));
    assertThat(take(stays, true)).isEqualTo(numbers(5, 9));
  }

  @Test
  void aSecondTabStartsWithWhatComesNextWhereNobodyIsAway() throws Exception {
    LiveAttachment first = attach("a");
    say(null, 0, 5);
    take(first, true);
    LiveAttachment second = attach("b");
    say(null, 5, 7);

    assertThat(take(second, true)).isEqualTo(numbers(5, 7));
  }

  @Test
  void repliesGoToTheirSessionAndToItsHeir() throws Exception {
    LiveAttachment asker = attach("a");
    LiveAttachment other = attach("b");
    say("a", 0, 1);
    assertThat(take(asker, true)).containsExactly(0);
    assertThat(take(other, true)).isEmpty();
    asker.close();
    say("a", 1, 2);

    assertThat(take(attach("c"), true)).containsExactly(1);
    assertThat(take(other, true)).isEmpty();
  }

  @Test
  void aClientWithoutAnIdIsContinuedByTheNextOne() throws Exception {
    LiveAttachment first = attach(null);
    say(null, 0, 5);
    take(first, true);
    first.close();
    say(null, 5, 8);

    assertThat(take(attach(null), true)).isEqualTo(numbers(5, 8));
    assertThat(audience.remember()).hasSize(1);
  }

  @Test
  void anAttachmentIsReplacedByTheNextOfItsSessionThatSpeaks() throws Exception {
    LiveAttachment stale = attach("a");
    LiveAttachment fresh = attach("a");
    fresh.submit(message(0));
    say(null, 0, 1);

    assertThat(stale.take(100, Duration.ZERO)).isEqualTo(new Delivery.Ended(EndReason.REPLACED));
    stale.acknowledge(1);
    stale.close();
    assertThat(take(fresh, true)).containsExactly(0);
    assertThat(audience.connections()).isEqualTo(1);
  }

  @Test
  void aConnectionThatItsClientGaveUpWhileItWasMadeDoesNotReplaceTheOneInUse() throws Exception {
    LiveAttachment used = attach("a");
    LiveAttachment givenUp = attach("a");
    used.submit(message(0));
    say("a", 0, 2);

    assertThat(take(used, true)).containsExactly(0, 1);
    givenUp.close();
    say("a", 2, 3);
    assertThat(take(used, true)).containsExactly(2);
    used.close();
    assertThat(take(attach("a"), true)).isEmpty();
  }

  @Test
  void whatASilentConnectionConfirmedIsNotGivenAgain() throws Exception {
    LiveAttachment dead = attach("a");
    dead.submit(message(0));
    LiveAttachment listening = attach("a");
    say(null, 0, 3);
    assertThat(take(listening, true)).containsExactly(0, 1, 2);
    listening.close();

    assertThat(take(attach("a"), true)).isEmpty();
    dead.close();
  }

  @Test
  void theLastWordsOfADeletedKernelAreDelivered() throws Exception {
    LiveAttachment attachment = attach("a");
    say(null, 0, 3);
    audience.end(EndReason.KERNEL_DELETED);

    assertThat(take(attachment, true)).isEqualTo(numbers(0, 3));
    assertThat(attachment.take(100, Duration.ZERO))
        .isEqualTo(new Delivery.Ended(EndReason.KERNEL_DELETED));
  }

  @Test
  void aSessionIsForgottenAfterAWhileButNeverTheLastOne() throws Exception {
    LiveAttachment gone = attach("gone");
    gone.close();
    clock.advance(Duration.ofDays(3));
    audience.forgetExpired();
    assertThat(audience.remember()).extracting(RememberedSession::key).containsExactly("gone");

    attach("heir");
    audience.forgetExpired();
    assertThat(audience.remember()).extracting(RememberedSession::key).containsExactly("heir");
  }

  @Test
  void sessionsAreTheSameAfterARestart() throws Exception {
    LiveAttachment first = attach("a");
    say(null, 0, 5);
    assertThat(first.take(1, Duration.ZERO)).isInstanceOf(Delivery.Messages.class);
    first.acknowledge(1);
    List<RememberedSession> remembered = audience.remember();

    audience =
        new Audience(
            log,
            AudienceSettings.defaults(),
            clock,
            () -> "" + ids.incrementAndGet(),
            present::get);
    audience.recall(remembered);

    assertThat(take(attach("a"), true)).isEqualTo(numbers(1, 5));
  }
}
