// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.KernelMonitor;
import io.elasticjupyter.kernels.KernelSettings;
import io.elasticjupyter.kernels.hibernation.SleepRoom;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage;
import io.elasticjupyter.kernels.log.MemoryBudget;
import io.elasticjupyter.kernels.provisioner.ProcessImages;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What all kernels of a gateway share.
 *
 * @param sleepRoom what hibernation needs; empty where kernels cannot hibernate
 * @param images what keeps whole processes of sleeping kernels; empty where their variables alone
 *     are kept
 * @param usage what snapshots take of the limits
 * @param present whether what this gateway knows of its kernels is true; if not, nothing is given
 *     to clients
 * @param ids gives message ids and names for sessions without one
 */
public record KernelParts(
    Provisioner provisioner,
    KernelSettings settings,
    MemoryBudget logMemory,
    KernelMonitor monitor,
    InstantSource clock,
    Optional<SleepRoom> sleepRoom,
    Optional<ProcessImages> images,
    SnapshotUsage usage,
    Supplier<String> ids,
    BooleanSupplier present) {}
