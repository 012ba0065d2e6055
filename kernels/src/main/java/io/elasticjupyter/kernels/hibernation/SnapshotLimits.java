// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import java.time.Duration;

/**
 * What sleeping kernels may take of a gateway; zero is no limit.
 *
 * @param bytesPerUser of all snapshots of one user who is named
 * @param bytes of all snapshots
 * @param maxAge after which a sleeping kernel's snapshot is removed
 * @param kernelsPerUser sleeping kernels of one user who is named
 * @param kernels sleeping kernels
 */
public record SnapshotLimits(
    long bytesPerUser, long bytes, Duration maxAge, int kernelsPerUser, int kernels) {

  public SnapshotLimits {
    if (bytesPerUser < 0 || bytes < 0 || maxAge.isNegative() || kernelsPerUser < 0 || kernels < 0) {
      throw new IllegalArgumentException("a limit below zero");
    }
  }

  public static SnapshotLimits defaults() {
    return new SnapshotLimits(128L << 30, 512L << 30, Duration.ofDays(30), 100, 1_000);
  }
}
