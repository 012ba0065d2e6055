// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

/**
 * What it takes to let kernels hibernate.
 *
 * @param place where snapshots are kept
 * @param keys by which they are known as the gateway's
 */
public record SleepRoom(SnapshotPlace place, SnapshotKeys keys) {}
