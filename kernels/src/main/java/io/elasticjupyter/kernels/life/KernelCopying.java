// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.log.Batch;
import io.elasticjupyter.kernels.log.Cursor;
import io.elasticjupyter.kernels.log.LogEntry;
import io.elasticjupyter.kernels.log.OutputLog;
import io.elasticjupyter.kernels.store.KernelCopy;
import io.elasticjupyter.kernels.store.KernelRecord;
import io.elasticjupyter.kernels.store.KernelState;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what another gateway needs to go on with a kernel: its log from the first entry that
 * somebody still lacks, and everything else that is noted of it, each time that it changes. What
 * was not taken there stays in the log. For one thread.
 */
public final class KernelCopying implements Closeable {

  /** A piece comes after this time, also where nothing has changed. */
  public static final Duration HEARTBEAT = Duration.ofSeconds(2);

  private static final long LARGEST_BATCH = 1 << 20;

  private final KernelLife life;
  private final Conversation conversation;
  private final OutputLog log;
  private final Cursor cursor;
  private boolean whole = true;
  private long read;
  private long lastAt = System.nanoTime();
  private @Nullable KernelState lastState;
  private @Nullable KernelState arrivedState;
  private @Nullable String lastOutput;

  KernelCopying(KernelLife life, Conversation conversation) {
    this.life = life;
    this.conversation = conversation;
    this.log = conversation.log();
    this.cursor = log.openCopy();
  }

  /**
   * The next piece.
   *
   * @param timeout how long to wait for a change
   * @return empty where nothing has changed
   */
  public Optional<KernelCopy> next(Duration timeout) throws InterruptedException {
    log.await(cursor, timeout);
    return read(false);
  }

  /**
   * The last piece, of a kernel that this gateway has let go of. There may be more pieces to come.
   */
  public KernelCopy last() {
    return read(true).orElseThrow();
  }

  private Optional<KernelCopy> read(boolean last) {
    Optional<KernelRecord> record = life.noted();
    if (record.isEmpty()) {
      return Optional.empty();
    }
    // Before the log is read: everything up to this message is in what is read then.
    Optional<String> output = conversation.lastOutput();
    KernelState state =
        new KernelState(
            record.get(),
            conversation.memory().clients(),
            conversation.memory().openRequests(),
            conversation.memory().held());
    Batch batch = log.read(cursor, LARGEST_BATCH, every -> true);
    List<LogEntry> entries = batch.entries();
    if (!entries.isEmpty()) {
      read = entries.getLast().sequence();
    }
    String through = batch.more() ? lastOutput : output.orElse(null);
    boolean news =
        !entries.isEmpty()
            || !state.equals(lastState)
            || (through != null && !through.equals(lastOutput));
    long now = System.nanoTime();
    if (!news && !last && !whole && now - lastAt < HEARTBEAT.toNanos()) {
      return Optional.empty();
    }
    lastAt = now;
    KernelCopy copy =
        new KernelCopy(
            whole,
            last && !batch.more(),
            through,
            state.since(whole ? null : arrivedState),
            entries);
    lastState = state;
    lastOutput = through;
    return Optional.of(copy);
  }

  /** What was read last has arrived. */
  public void arrived() {
    whole = false;
    arrivedState = lastState;
    if (read > 0) {
      log.confirm(cursor, read);
    }
  }

  /** Whatever was read before is not there any more: the next piece begins anew. */
  public KernelCopying again() {
    close();
    return new KernelCopying(life, conversation);
  }

  @Override
  public void close() {
    log.release(cursor);
  }
}
