// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import java.time.Instant;
import java.util.Optional;

/**
 * What is told about a kernel from outside, one moment's view.
 *
 * @param id its id, the same over restarts
 * @param name its kernelspec
 * @param username who asked for it, {@code KERNEL_USERNAME}; empty where nobody was named
 * @param lastActivity when it last published something for a client
 * @param executionState what it does
 * @param connections attached clients
 * @param reason why it is not simply running, in words for its user
 * @param asleep whether it has given its process back and can go on
 * @param snapshot what its variables are in while it sleeps; empty while it is awake
 * @param held how long it held what it is given, and gave it back
 * @param startedAt when it was asked for
 */
public record KernelModel(
    KernelId id,
    String name,
    String username,
    Instant lastActivity,
    ExecutionState executionState,
    int connections,
    Optional<String> reason,
    boolean asleep,
    Optional<Snapshot> snapshot,
    HeldTime held,
    Instant startedAt) {}
