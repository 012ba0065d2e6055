// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.audience;

import io.elasticjupyter.kernels.Attachment;
import io.elasticjupyter.kernels.Delivery;
import io.elasticjupyter.kernels.Delivery.EndReason;
import io.elasticjupyter.kernels.log.Batch;
import io.elasticjupyter.kernels.log.Cursor;
import io.elasticjupyter.kernels.log.LogEntry;
import io.elasticjupyter.kernels.log.OutputLog;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A present client of a session: reads its place in the log, hands its messages in. */
public final class LiveAttachment implements Attachment {

  private static final Duration ABSENCE_LOOK = Duration.ofMillis(50);

  private final Audience audience;
  private final OutputLog log;
  private final ClientSession session;
  private final Cursor cursor;
  private final Inbox inbox;
  private final NoticeWriter notices;
  private final AtomicReference<@Nullable EndReason> ended = new AtomicReference<>();
  private final AtomicBoolean spoken = new AtomicBoolean();

  LiveAttachment(
      Audience audience,
      OutputLog log,
      ClientSession session,
      Cursor cursor,
      Inbox inbox,
      NoticeWriter notices) {
    this.audience = audience;
    this.log = log;
    this.session = session;
    this.cursor = cursor;
    this.inbox = inbox;
    this.notices = notices;
  }

  @Override
  public void submit(JupyterMessage message) throws InterruptedException {
    EndReason reason = ended.get();
    // What a client sends before it knows that the gateway leaves is held for the next one.
    if (reason == null || reason == EndReason.GATEWAY_STOPPING) {
      if (!spoken.getAndSet(true)) {
        audience.spoke(this, session);
      }
      inbox.submit(session.key, message);
    }
  }

  @Override
  public Delivery take(long maxBytes, Duration timeout) throws InterruptedException {
    boolean waited = false;
    long begin = System.nanoTime();
    while (true) {
      EndReason reason = ended.get();
      if (reason != null && !deliversRest(reason)) {
        return new Delivery.Ended(reason);
      }
      if (!audience.isPresent()) {
        if (System.nanoTime() - begin >= timeout.toNanos()) {
          return new Delivery.Nothing();
        }
        log.pause(cursor, ABSENCE_LOOK);
        continue;
      }
      Batch batch = log.read(cursor, maxBytes, session::wants);
      if (!batch.entries().isEmpty() || batch.missingMessages() > 0) {
        return new Delivery.Messages(numbered(batch), batch.more());
      }
      if (reason != null) {
        return new Delivery.Ended(reason);
      }
      if (waited) {
        return new Delivery.Nothing();
      }
      log.await(cursor, timeout);
      waited = true;
    }
  }

  private static boolean deliversRest(EndReason reason) {
    return switch (reason) {
      case KERNEL_DELETED -> true;
      case REPLACED, GATEWAY_STOPPING, DETACHED -> false;
    };
  }

  private List<Delivery.Numbered> numbered(Batch batch) {
    List<Delivery.Numbered> messages = new ArrayList<>(batch.entries().size() + 1);
    if (batch.missingMessages() > 0) {
      // The notice is not in the log, so it bears a sequence that is confirmed already.
      messages.add(
          new Delivery.Numbered(
              log.confirmed(cursor),
              notices.missing(batch.missingMessages(), batch.missingBytes())));
    }
    for (LogEntry entry : batch.entries()) {
      messages.add(new Delivery.Numbered(entry.sequence(), entry.message()));
    }
    return messages;
  }

  @Override
  public void acknowledge(long sequence) {
    // A replaced connection may be answered by something that its client reads no more.
    if (ended.get() != EndReason.REPLACED) {
      log.confirm(cursor, sequence);
    }
  }

  @Override
  public void close() {
    end(EndReason.DETACHED);
    audience.detached(this, session);
  }

  Cursor cursor() {
    return cursor;
  }

  void end(EndReason reason) {
    if (ended.compareAndSet(null, reason)) {
      log.wake(cursor);
    }
  }
}
