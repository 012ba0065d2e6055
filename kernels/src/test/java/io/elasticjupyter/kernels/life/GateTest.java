// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GateTest {

  private final Gate gate = new Gate(new Gate.Limits(3, 1_000));
  private final List<String> sent = new CopyOnWriteArrayList<>();

  private static JupyterMessage message(String content) {
    byte[] empty = "{}".getBytes(UTF_8);
    return new JupyterMessage(
        Channel.SHELL, empty, empty, empty, content.getBytes(UTF_8), List.of());
  }

  private Gate.Outcome submit(String content) throws InterruptedException {
    return gate.submit(message(content), () -> {});
  }

  private void send(JupyterMessage message) {
    sent.add(new String(message.content(), UTF_8));
  }

  @Test
  void holdsInOrderUntilItIsOpened() throws Exception {
    assertThat(submit("1")).isEqualTo(new Gate.Outcome.Held());
    submit("2");
    gate.open(this::send, held -> {}).join();
    assertThat(submit("3")).isEqualTo(new Gate.Outcome.Sent());

    assertThat(sent).containsExactly("1", "2", "3");
  }

  @Test
  void refusesWhatExceedsItsLimitsAndKeepsTheRest() throws Exception {
    submit("1");
    submit("2");
    submit("3");

    assertThat(submit("4")).isInstanceOf(Gate.Outcome.Full.class);
    gate.open(this::send, held -> {}).join();
    assertThat(sent).containsExactly("1", "2", "3");
  }

  @Test
  void refusesByBytesAsWell() throws Exception {
    assertThat(submit("x".repeat(2_000))).isInstanceOf(Gate.Outcome.Full.class);
    assertThat(submit("small")).isEqualTo(new Gate.Outcome.Held());
  }

  @Test
  void givesBackWhatItHeldWhenTheKernelIsDead() throws Exception {
    submit("1");

    assertThat(gate.refuse("it is dead")).hasSize(1);
    assertThat(submit("2")).isEqualTo(new Gate.Outcome.Refused("it is dead"));
  }

  @Test
  void holdsAgainAfterItWasShut() throws Exception {
    gate.open(this::send, held -> {}).join();
    submit("1");
    gate.shut();
    submit("2");
    assertThat(sent).containsExactly("1");

    gate.open(this::send, held -> {}).join();
    assertThat(sent).containsExactly("1", "2");
  }

  @Test
  void shuttingDoesNotWaitForAKernelThatDoesNotTake() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    gate.open(
            message -> {
              stuck.countDown();
              await(release);
              throw new IOException("closed");
            },
            held -> {})
        .join();
    Thread sender = Thread.ofVirtual().start(() -> submitUnchecked("1"));
    stuck.await();

    gate.shut();
    Thread later = Thread.ofVirtual().start(() -> submitUnchecked("2"));
    release.countDown();
    sender.join(Duration.ofSeconds(10));
    later.join(Duration.ofSeconds(10));

    gate.open(this::send, held -> {}).join();
    assertThat(sent).containsExactly("2");
  }

  @Test
  void openingDoesNotWaitForAKernelThatDoesNotTakeWhatWasHeld() throws Exception {
    submit("1");
    submit("2");
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread sender =
        gate.open(
            message -> {
              stuck.countDown();
              await(release);
              throw new IOException("closed");
            },
            held -> {});
    stuck.await();

    gate.shut();
    release.countDown();
    sender.join();
    gate.open(this::send, held -> {}).join();

    assertThat(sent).containsExactly("2");
  }

  @Test
  void aBrokenConnectionDoesNotSwallowWhatIsHeld() throws Exception {
    submit("1");
    submit("2");
    submit("3");
    gate.open(
            message -> {
              throw new IOException("broken");
            },
            held -> {})
        .join();

    gate.open(this::send, held -> {}).join();

    assertThat(sent).containsExactly("2", "3");
  }

  private void submitUnchecked(String content) {
    try {
      submit(content);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
