// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import org.jspecify.annotations.Nullable;

/**
 * A reader's place in an {@link OutputLog}: what it was given and what it confirmed. Entries that a
 * cursor has not confirmed are kept for it. Everything but the segment reader is guarded by the
 * log's lock; the segment reader belongs to the one thread that reads.
 */
public final class Cursor {

  long position;
  long confirmed;
  long lastGiven;
  long missingMessages;
  long missingBytes;
  boolean woken;
  LogSegment.@Nullable Reader segmentReader;

  Cursor(long confirmed) {
    this.confirmed = confirmed;
    this.lastGiven = confirmed;
    this.position = confirmed + 1;
  }
}
