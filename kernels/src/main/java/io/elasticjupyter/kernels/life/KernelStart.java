// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.KernelSettings;
import io.elasticjupyter.kernels.link.FollowedOutput;
import io.elasticjupyter.kernels.link.KernelLink;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.MessageHeader;
import io.elasticjupyter.wire.message.Messages;
import io.elasticjupyter.wire.zmtp.ZmtpOptions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Waits for a kernel's process to answer: connects as soon as it listens, and asks who it is until
 * it replies on shell and something came on iopub. The second proves that the subscription has
 * arrived; without it, the first cell's output could be lost. Runs on a thread of its own, which an
 * interrupt ends.
 */
final class KernelStart {

  private static final System.Logger LOG = System.getLogger(KernelStart.class.getName());

  /**
   * The pause between two tries to connect is this part of the time that has passed, so that asking
   * adds about two percent to a start and a slow kernel is not asked a thousand times.
   */
  private static final int PAUSE_PART = 50;

  private static final long SHORTEST_PAUSE_MILLIS = 2;
  private static final long LONGEST_PAUSE_MILLIS = 50;
  private static final Duration FIRST_NUDGE = Duration.ofMillis(500);
  private static final Duration LAST_NUDGE = Duration.ofSeconds(4);

  /** Between a reply and its status on iopub lies no more than this on a kernel that publishes. */
  private static final Duration OUTPUT_GRACE = Duration.ofMillis(30);

  /** A kernel that replies and publishes nothing is let through after this many questions. */
  private static final int SILENT_NUDGES = 20;

  private static final Duration SLOW = Duration.ofSeconds(5);

  private final KernelProcess process;
  private final byte[] identity;
  private final KernelSettings settings;
  private final Messages messages;
  private final Relay relay;
  private final Supplier<Optional<FollowedOutput>> followed;
  private final Consumer<String> onSlow;

  /** Taken over by the first connection that comes about. */
  private Optional<FollowedOutput> output = Optional.empty();

  /**
   * @param followed what the kernel said while no connection was there
   * @param onSlow told in words what the kernel is at, where it takes longer than a few seconds
   */
  KernelStart(
      KernelProcess process,
      byte[] identity,
      KernelSettings settings,
      Messages messages,
      Relay relay,
      Supplier<Optional<FollowedOutput>> followed,
      Consumer<String> onSlow) {
    this.process = process;
    this.identity = identity;
    this.settings = settings;
    this.messages = messages;
    this.relay = relay;
    this.followed = followed;
    this.onSlow = onSlow;
  }

  /**
   * Waits until the kernel answers.
   *
   * @return empty where the time was over first
   * @throws MessageException if the connection's signature scheme is unknown
   */
  Optional<KernelLink> await(Duration timeout) throws InterruptedException, MessageException {
    Patience patience = new Patience(timeout, SLOW);
    while (true) {
      Optional<KernelLink> link = connect(patience);
      if (link.isEmpty() || orClose(link.get(), () -> answers(link.get(), patience))) {
        return link;
      }
      link.get().close();
    }
  }

  /** How long a kernel is waited for, from when its program runs. */
  private final class Patience {

    private final Duration timeout;
    private final Duration slow;
    private final long begin = System.nanoTime();
    private long running = begin;
    private String told = "";

    Patience(Duration timeout, Duration slow) {
      this.timeout = timeout;
      this.slow = slow;
    }

    boolean isOver() {
      return System.nanoTime() - running >= timeout.toNanos();
    }

    /** Takes in what a running kernel would be at, and tells each stage of a slow one once. */
    void note(String stage) {
      Optional<String> preparing = process.preparing();
      long now = System.nanoTime();
      if (preparing.isPresent()) {
        running = now;
      }
      String current = preparing.orElse(stage);
      long since = preparing.isPresent() ? begin : running;
      if (now - since > slow.toNanos() && !current.equals(told)) {
        told = current;
        onSlow.accept(current);
      }
    }
  }

  @FunctionalInterface
  private interface Question {
    boolean ask() throws InterruptedException;
  }

  /** Whoever is interrupted while he asks leaves no connection behind. */
  private static boolean orClose(KernelLink link, Question question) throws InterruptedException {
    try {
      return question.ask();
    } catch (InterruptedException | RuntimeException e) {
      link.close();
      throw e;
    }
  }

  /**
   * Connects to a kernel that answered an earlier run of the gateway. It may be busy with a cell,
   * and then answers nothing on shell; on control most kernels do.
   */
  Optional<KernelLink> reconnect(Duration timeout, Duration probe)
      throws InterruptedException, MessageException {
    Optional<KernelLink> link = connect(new Patience(timeout, timeout));
    if (link.isPresent()) {
      Semaphore output = new Semaphore(0);
      relay.expectOutput(output::release);
      ask(link.get(), Channel.CONTROL, () -> {});
      boolean heard =
          orClose(link.get(), () -> output.tryAcquire(probe.toMillis(), TimeUnit.MILLISECONDS));
      LOG.log(Level.DEBUG, "event=reconnected heard={0}", heard);
    }
    return link;
  }

  /** Takes replies to what an earlier run of the gateway asked under that identity. */
  void listenAs(KernelLink link, byte[] earlierIdentity) throws IOException {
    link.listenAs(earlierIdentity, process.connection(), options());
  }

  private ZmtpOptions options() {
    return ZmtpOptions.defaults()
        .withMaxMessageBytes(settings.maxMessageBytes())
        .withHandshakeTimeout(Duration.ofSeconds(2))
        .withConnectTimeout(Duration.ofSeconds(2));
  }

  private Optional<KernelLink> connect(Patience patience)
      throws InterruptedException, MessageException {
    ZmtpOptions options = options();
    Semaphore pause = new Semaphore(0);
    long begin = System.nanoTime();
    while (!patience.isOver() && process.isAlive()) {
      try {
        return Optional.of(open(options));
      } catch (IOException notYet) {
        long passed = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        pause.tryAcquire(
            Math.clamp(passed / PAUSE_PART, SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS),
            TimeUnit.MILLISECONDS);
      }
      patience.note("its process runs and does not listen yet");
    }
    return Optional.empty();
  }

  private KernelLink open(ZmtpOptions options) throws IOException, MessageException {
    if (output.isEmpty()) {
      output = followed.get();
    }
    if (output.filter(each -> !each.isOver()).isEmpty()) {
      return KernelLink.open(process.connection(), identity, options, relay);
    }
    KernelLink link = KernelLink.open(process.connection(), identity, options, relay, output.get());
    output = Optional.empty();
    return link;
  }

  private boolean answers(KernelLink link, Patience patience) throws InterruptedException {
    Semaphore replies = new Semaphore(0);
    Duration nudge = FIRST_NUDGE;
    boolean replied = false;
    int silent = 0;
    while (!patience.isOver() && process.isAlive() && !link.isOver()) {
      ask(link, Channel.SHELL, replies::release);
      Duration wait = replied ? OUTPUT_GRACE : nudge;
      replied |= replies.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
      if (replied && (relay.publishes() || ++silent > SILENT_NUDGES)) {
        return true;
      }
      if (!replied) {
        Duration doubled = nudge.multipliedBy(2);
        nudge = doubled.compareTo(LAST_NUDGE) < 0 ? doubled : LAST_NUDGE;
      }
      patience.note("it listens and does not answer yet");
    }
    return false;
  }

  /** Asks the kernel who it is, and calls back when it replies. */
  void ask(KernelLink link, Channel channel, Runnable onReply) {
    JupyterMessage question = messages.kernelInfoRequest(channel);
    try {
      relay.expectReply(MessageHeader.parse(question.header()).msgId(), onReply);
      link.send(question);
    } catch (MessageException e) {
      throw new IllegalStateException("our own header cannot be read", e);
    } catch (IOException broken) {
      // The link is over then, and whoever waits for the answer sees that.
      LOG.log(Level.DEBUG, "event=probe-not-sent reason={0}", broken.toString());
    }
  }
}
