// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import org.jspecify.annotations.Nullable;

/**
 * A reader's place in an {@link OutputLog}: what it was given and what it confirmed. Entries that a
 * cursor has not confirmed are kept for it. Everything is guarded by the log's lock, but while
 * {@code reading} is set the segment reader belongs to the one thread that reads.
 */
public final class Cursor {

  long position;
  long confirmed;
  long lastGiven;
  boolean woken;

  /** Whether it waits for what others confirm, too. */
  boolean wokenByOthers;

  /** Whether its thread reads a segment now, outside the lock, and so has the segment reader. */
  boolean reading;

  /** Whether it was given up; whoever has the segment reader then closes it. */
  boolean released;

  LogSegment.@Nullable Reader segmentReader;

  Cursor(long confirmed) {
    this.confirmed = confirmed;
    this.lastGiven = confirmed;
    this.position = confirmed + 1;
  }
}
