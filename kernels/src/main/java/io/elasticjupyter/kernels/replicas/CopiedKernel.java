// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.audience.RememberedSession;
import io.elasticjupyter.kernels.life.KernelCopying;
import io.elasticjupyter.kernels.link.FollowedOutput;
import io.elasticjupyter.kernels.log.Cursor;
import io.elasticjupyter.kernels.log.LogEntry;
import io.elasticjupyter.kernels.log.LogLimits;
import io.elasticjupyter.kernels.log.MemoryBudget;
import io.elasticjupyter.kernels.log.OutputLog;
import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.elasticjupyter.kernels.store.KernelCopy;
import io.elasticjupyter.kernels.store.KernelFolder;
import io.elasticjupyter.kernels.store.KernelRecord;
import io.elasticjupyter.kernels.store.KernelState;
import io.elasticjupyter.wire.kernelspec.KernelSpecException;
import io.elasticjupyter.wire.kernelspec.KernelSpecReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The copy of a kernel that another gateway has: its log as far as clients still need it, what is
 * noted of it, and what it said since. Becomes a folder of this gateway's when that one ends.
 * Guarded by its owner.
 */
final class CopiedKernel implements AutoCloseable {

  /** The kernel's gateway sends a piece every {@link KernelCopying#HEARTBEAT} at the latest. */
  private static final Duration BEHIND = KernelCopying.HEARTBEAT.multipliedBy(6);

  private final KernelFolder folder;
  private final KernelFollowing following;
  private final OutputLog log;
  private @Nullable Cursor kept;
  private @Nullable KernelState state;
  private long heardAt = System.nanoTime();

  CopiedKernel(
      KernelFolder folder, LogLimits limits, MemoryBudget budget, KernelFollowing following) {
    this.folder = folder;
    this.following = following;
    this.log = new OutputLog(folder.log(), limits, budget);
  }

  /**
   * Takes in a piece.
   *
   * @throws IOException if it is of no kernel that could be started here
   */
  void add(KernelId id, KernelCopy piece) throws IOException {
    KernelState next = KernelState.after(state, piece.change());
    KernelRecord record = next.kernel();
    if (!record.id().equals(id.value())) {
      throw new IOException("the copy is of another kernel: " + record.id());
    }
    LaunchRequest request = request(id, record);
    for (LogEntry entry : piece.entries()) {
      log.appendCopy(entry);
    }
    state = next;
    heardAt = System.nanoTime();
    moveOn(next.clients().sessions());
    following.follow(request, record.process());
    if (piece.lastOutput() != null) {
      following.has(piece.lastOutput());
    }
  }

  private LaunchRequest request(KernelId id, KernelRecord record) throws IOException {
    try {
      return new LaunchRequest(
          id,
          KernelSpecReader.of(record.specName(), Path.of(record.specDirectory()), record.spec()),
          record.env(),
          Optional.ofNullable(record.workingDirectory()).map(Path::of),
          folder.path());
    } catch (KernelSpecException e) {
      throw new IOException("the copy's kernelspec is of no use: " + e.getMessage(), e);
    }
  }

  /** Drops what every client has; without a client everything is kept, as in the log itself. */
  private void moveOn(List<RememberedSession> sessions) {
    OptionalLong done = sessions.stream().mapToLong(RememberedSession::confirmed).min();
    Cursor before = kept;
    kept = done.isPresent() ? log.open(done.getAsLong()) : null;
    if (before != null) {
      log.release(before);
    }
  }

  /** Puts on disk what memory is too small for. Called from a timer. */
  void flush() {
    log.flush();
  }

  /** Whether so long nothing was heard that the kernel's gateway must know more. */
  boolean isBehind() {
    return System.nanoTime() - heardAt > BEHIND.toNanos();
  }

  boolean isFollowed() {
    return following.isSettled();
  }

  /**
   * Ends the copy as a folder that a kernel can be taken up from.
   *
   * @return what the kernel said since
   */
  Optional<FollowedOutput> finish() throws IOException {
    KernelState last = state;
    if (last == null) {
      throw new IOException("nothing was copied yet");
    }
    Optional<FollowedOutput> output = following.take();
    log.close();
    folder.write(last);
    return output;
  }

  /** Gives the copy up, with its folder. */
  @Override
  public void close() {
    following.close();
    log.discard();
  }

  /** Deletes what was on disk, after {@link #close}. */
  void delete() throws IOException {
    folder.delete();
  }
}
