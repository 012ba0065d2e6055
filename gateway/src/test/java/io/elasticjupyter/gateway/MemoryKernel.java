// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import io.elasticjupyter.kernels.Attachment;
import io.elasticjupyter.kernels.Delivery;
import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.KernelModel;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A kernel whose log is a list; what clients send is only remembered. */
public final class MemoryKernel implements Kernel {

  private static final Instant STARTED = Instant.parse("2026-11-24T10:00:05Z");

  private final KernelId id;
  private final String name;
  private final String username;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<JupyterMessage> log = new ArrayList<>();
  private final Map<String, Integer> confirmed = new HashMap<>();
  private final Map<String, MemoryAttachment> attached = new HashMap<>();
  private final List<JupyterMessage> received = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile ExecutionState state = ExecutionState.STARTING;
  private final AtomicInteger unnamed = new AtomicInteger();
  private volatile boolean taking = true;
  private volatile boolean deleted;
  private volatile boolean asleep;

  /** As if it slept. */
  void sleep() {
    asleep = true;
  }

  MemoryKernel(KernelId id, String name, String username) {
    this.id = id;
    this.name = name;
    this.username = username;
  }

  @Override
  public KernelId id() {
    return id;
  }

  @Override
  public KernelModel model() {
    lock.lock();
    try {
      return new KernelModel(
          id,
          name,
          username,
          STARTED,
          state,
          attached.size(),
          Optional.empty(),
          asleep,
          Optional.empty(),
          HeldTime.NOTHING,
          STARTED);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void interrupt() throws KernelFailure {
    if (state == ExecutionState.DEAD) {
      throw new KernelFailure.KernelGone(id, "it died");
    }
    asked.add("interrupt");
  }

  @Override
  public void restart() throws KernelFailure {
    asked.add("restart");
    if (state == ExecutionState.BUSY) {
      throw new KernelFailure.InterruptFailed("it is stuck");
    }
    state = ExecutionState.RESTARTING;
  }

  @Override
  public CompletableFuture<HibernationOutcome> hibernate() {
    asked.add("hibernate");
    return CompletableFuture.completedFuture(
        state == ExecutionState.BUSY
            ? new HibernationOutcome.Refused("The kernel runs something.")
            : new HibernationOutcome.Failed("The disk is full.", false));
  }

  @Override
  public CompletableFuture<HibernationOutcome> move(KernelSpec target) {
    asked.add("move " + target.name());
    return hibernate();
  }

  @Override
  public void wake() throws KernelFailure {
    if (state == ExecutionState.DEAD) {
      throw new KernelFailure.KernelGone(id, "it died");
    }
    asked.add("wake");
  }

  public void become(ExecutionState next) {
    state = next;
  }

  /** Whether clients' messages are taken from now on, or clients wait. */
  public void take(boolean value) {
    lock.lock();
    try {
      taking = value;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What clients sent, in order. */
  public List<JupyterMessage> received() {
    return received;
  }

  /** What was asked over REST, in order. */
  public List<String> asked() {
    return asked;
  }

  /** Sends a message to every client, present or absent. */
  public void publish(JupyterMessage message) {
    lock.lock();
    try {
      log.add(message);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The highest sequence that a session's client confirmed. */
  public int confirmedBy(String session) {
    lock.lock();
    try {
      return confirmed.getOrDefault(session, 0);
    } finally {
      lock.unlock();
    }
  }

  /** Ends every attachment as the gateway's end would. */
  public void endAttachments(Delivery.EndReason reason) {
    lock.lock();
    try {
      attached.values().forEach(attachment -> attachment.ended = reason);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void end() {
    deleted = true;
    endAttachments(Delivery.EndReason.KERNEL_DELETED);
  }

  @Override
  public Attachment attach(Optional<String> session) {
    lock.lock();
    try {
      String key = session.orElseGet(() -> "unnamed-" + unnamed.incrementAndGet());
      MemoryAttachment attachment = new MemoryAttachment(key, confirmed.getOrDefault(key, 0));
      MemoryAttachment before = attached.put(key, attachment);
      if (before != null) {
        before.ended = Delivery.EndReason.REPLACED;
      }
      if (deleted) {
        attachment.ended = Delivery.EndReason.KERNEL_DELETED;
      }
      changed.signalAll();
      return attachment;
    } finally {
      lock.unlock();
    }
  }

  private final class MemoryAttachment implements Attachment {
    private final String session;
    private int cursor;
    private Delivery.@Nullable EndReason ended;

    MemoryAttachment(String session, int cursor) {
      this.session = session;
      this.cursor = cursor;
    }

    @Override
    public void submit(JupyterMessage message) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (!taking) {
          changed.await();
        }
        received.add(message);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Delivery take(long maxBytes, Duration timeout) throws InterruptedException {
      long left = timeout.toNanos();
      lock.lockInterruptibly();
      try {
        while (cursor == log.size() && ended == null) {
          if (left <= 0) {
            return new Delivery.Nothing();
          }
          left = changed.awaitNanos(Math.min(left, TimeUnit.HOURS.toNanos(1)));
        }
        Delivery.EndReason reason = ended;
        boolean all = reason == null || reason == Delivery.EndReason.KERNEL_DELETED;
        if (reason != null && (!all || cursor == log.size())) {
          return new Delivery.Ended(reason);
        }
        List<Delivery.Numbered> batch = new ArrayList<>();
        long bytes = 0;
        while (cursor < log.size() && bytes < maxBytes) {
          JupyterMessage message = log.get(cursor++);
          batch.add(new Delivery.Numbered(cursor, message));
          bytes += message.size();
        }
        return new Delivery.Messages(batch, cursor < log.size());
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void acknowledge(long sequence) {
      lock.lock();
      try {
        confirmed.merge(session, (int) sequence, Math::max);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        attached.remove(session, this);
        ended = Delivery.EndReason.DETACHED;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
