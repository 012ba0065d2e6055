// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A saved state of a kernel that was verified, as the kernel's record on disk pins it.
 *
 * @param generation counts up over the kernel's life; never used twice
 * @param digest SHA-256 of the manifest in hexadecimal: another snapshot than this is refused
 * @param savedAt when
 * @param report what is in it
 */
public record Snapshot(int generation, String digest, Instant savedAt, SnapshotReport report) {

  public Snapshot {
    // A file may lack what its type promises: that is damage, found where it is read.
    requireNonNull(digest, "digest");
    requireNonNull(savedAt, "savedAt");
    requireNonNull(report, "report");
    if (generation < 1) {
      throw new IllegalArgumentException("no generation: " + generation);
    }
  }
}
