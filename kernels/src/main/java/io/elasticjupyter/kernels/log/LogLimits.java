// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

/**
 * How much of a kernel's output is kept for clients that have not taken it.
 *
 * @param memoryBytes in memory, per kernel; more goes to disk
 * @param diskBytes on disk, per kernel; more cuts the oldest output away
 * @param segmentBytes size at which a segment file is closed and the next begun; also the unit in
 *     which output is cut
 */
public record LogLimits(long memoryBytes, long diskBytes, long segmentBytes) {

  private static final long MEBIBYTE = 1024 * 1024;

  public LogLimits {
    if (memoryBytes < 1 || segmentBytes < 1 || diskBytes < 0) {
      throw new IllegalArgumentException(
          "memory and segment bytes must be positive and disk bytes not negative: "
              + memoryBytes
              + ", "
              + segmentBytes
              + ", "
              + diskBytes);
    }
  }

  /** 16 MiB in memory, 1 GiB on disk: a burst of a client that keeps up stays off the disk. */
  public static LogLimits defaults() {
    return of(16 * MEBIBYTE, 1024 * MEBIBYTE);
  }

  /** Limits with a segment size that fits them. */
  public static LogLimits of(long memoryBytes, long diskBytes) {
    return new LogLimits(
        memoryBytes, diskBytes, Math.clamp(diskBytes / 16, 64 * 1024, 16 * MEBIBYTE));
  }
}
