// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way to a kernel on one channel. While the kernel does not answer, what clients send is held
 * in order; then it goes out before anything new. One per channel, so that a kernel that does not
 * take on shell can still be interrupted on control.
 *
 * <p>Safe for any thread. Two locks: {@code sending} keeps the order and may be held for long by a
 * thread whose kernel does not take; {@code lock} guards the fields and is never held while
 * sending, so that shutting the gate does not wait for the kernel. Order: sending, then lock.
 */
final class Gate {

  private static final System.Logger LOG = System.getLogger(Gate.class.getName());

  private final ReentrantLock sending = new ReentrantLock(true);
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<JupyterMessage> held = new ArrayDeque<>();
  private final Limits limits;
  private long heldBytes;
  private @Nullable Sender sender;

  /** To whom what is held is being sent; then it becomes the sender. */
  private @Nullable Sender opening;

  private @Nullable String refusal;

  /** Bounds of what one channel of one kernel holds; what exceeds them is refused. */
  record Limits(int messages, long bytes) {}

  /** What became of a message. */
  sealed interface Outcome {
    record Sent() implements Outcome {}

    record Held() implements Outcome {}

    /** Not held, since too much is held already. */
    record Full(String why) implements Outcome {}

    record Refused(String why) implements Outcome {}
  }

  /** Sends to the kernel, blocking while it does not take. */
  @FunctionalInterface
  interface Sender {
    void send(JupyterMessage message) throws IOException;
  }

  Gate(Limits limits) {
    this.limits = limits;
  }

  /**
   * Sends, holds or refuses.
   *
   * @param onSend called directly before the message goes out, in the order of going out
   */
  Outcome submit(JupyterMessage message, Runnable onSend) throws InterruptedException {
    sending.lockInterruptibly();
    try {
      Sender to;
      lock.lock();
      try {
        if (refusal != null) {
          return new Outcome.Refused(refusal);
        }
        if (sender == null) {
          return hold(message);
        }
        to = sender;
      } finally {
        lock.unlock();
      }
      onSend.run();
      if (!send(to, message)) {
        shutIfStill(to);
      }
      return new Outcome.Sent();
    } finally {
      sending.unlock();
    }
  }

  private Outcome hold(JupyterMessage message) {
    if (held.size() >= limits.messages() || heldBytes + message.size() > limits.bytes()) {
      return new Outcome.Full(
          "The kernel is not ready yet and %,d messages are waiting for it already; send this one again later."
              .formatted(held.size()));
    }
    held.add(message);
    heldBytes += message.size();
    return new Outcome.Held();
  }

  /**
   * A message on a connection that breaks may be lost; that it was sent is noted, so the kernel's
   * end answers it, or its answer to the next connection. What comes behind it is held.
   */
  private static boolean send(Sender sender, JupyterMessage message) {
    try {
      sender.send(message);
      return true;
    } catch (IOException broken) {
      LOG.log(Level.DEBUG, "event=send-failed reason={0}", broken.toString());
      return false;
    }
  }

  private void shutIfStill(Sender to) {
    lock.lock();
    try {
      if (to.equals(sender)) {
        sender = null;
      }
      if (to.equals(opening)) {
        opening = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets everything through: first what is held, then what comes. Does not wait for a kernel that
   * does not take; shutting the gate keeps held what was not sent by then.
   *
   * @return the thread that sends what was held
   */
  Thread open(Sender to, Consumer<JupyterMessage> onSend) {
    lock.lock();
    try {
      refusal = null;
      sender = null;
      opening = to;
    } finally {
      lock.unlock();
    }
    return Thread.ofVirtual().name("kernel-gate").start(() -> sendHeld(to, onSend));
  }

  private void sendHeld(Sender to, Consumer<JupyterMessage> onSend) {
    sending.lock();
    try {
      JupyterMessage next = nextHeld(to);
      while (next != null) {
        onSend.accept(next);
        if (!send(to, next)) {
          shutIfStill(to);
        }
        next = nextHeld(to);
      }
    } finally {
      sending.unlock();
    }
  }

  /** Takes the oldest that is held; opens where nothing is. */
  private @Nullable JupyterMessage nextHeld(Sender to) {
    lock.lock();
    try {
      if (!to.equals(opening)) {
        return null;
      }
      JupyterMessage next = held.poll();
      if (next == null) {
        opening = null;
        sender = to;
      } else {
        heldBytes -= next.size();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Holds from now on. */
  void shut() {
    lock.lock();
    try {
      refusal = null;
      sender = null;
      opening = null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits, on a gate that was shut, until nothing is on its way to the kernel any more.
   *
   * @return false where the kernel does not take it within that time
   */
  boolean settle(Duration timeout) throws InterruptedException {
    if (!sending.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    sending.unlock();
    return true;
  }

  /** What is held, oldest first. */
  List<JupyterMessage> held() {
    lock.lock();
    try {
      return List.copyOf(held);
    } finally {
      lock.unlock();
    }
  }

  /** Holds what an earlier run of the gateway held. */
  void recall(JupyterMessage message) {
    lock.lock();
    try {
      held.add(message);
      heldBytes += message.size();
    } finally {
      lock.unlock();
    }
  }

  boolean holdsAny() {
    lock.lock();
    try {
      return !held.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses from now on; gives what was held, for somebody to answer. */
  List<JupyterMessage> refuse(String why) {
    lock.lock();
    try {
      sender = null;
      opening = null;
      refusal = why;
      return takeHeld();
    } finally {
      lock.unlock();
    }
  }

  /** Gives up what is held, for somebody to answer. */
  List<JupyterMessage> clear() {
    lock.lock();
    try {
      return takeHeld();
    } finally {
      lock.unlock();
    }
  }

  private List<JupyterMessage> takeHeld() {
    List<JupyterMessage> taken = new ArrayList<>(held);
    held.clear();
    heldBytes = 0;
    return taken;
  }
}
