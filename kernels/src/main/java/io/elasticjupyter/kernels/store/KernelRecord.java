// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.store;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kernel as it is kept on disk, {@code kernel.json} in its folder.
 *
 * @param id its id
 * @param specName its kernelspec's name
 * @param specDirectory its kernelspec's folder
 * @param spec the whole kernelspec, so that it can be restarted after the folder is gone
 * @param username who asked for it
 * @param env what the client gave; may hold secrets, so the file is for its owner alone
 * @param workingDirectory where it starts; null for the default
 * @param identity the gateway's ZeroMQ identity at this kernel
 * @param startedAt when it was asked for
 * @param process its process; null while there is none
 * @param answered whether the process answered once, so that it is not waited for again
 * @param deadReason why it is dead; null where it is not
 * @param deleting whether it was being ended
 * @param sleep its hibernation; absent in what versions without it wrote
 * @param held how long it held what it is given; absent likewise
 */
public record KernelRecord(
    String id,
    String specName,
    String specDirectory,
    ObjectNode spec,
    String username,
    Map<String, String> env,
    @Nullable String workingDirectory,
    String identity,
    Instant startedAt,
    @Nullable ProcessRecord process,
    boolean answered,
    @Nullable String deadReason,
    boolean deleting,
    SleepRecord sleep,
    HeldTime held) {

  public KernelRecord {
    // A file may lack what its type promises: that is damage, found where it is read.
    requireNonNull(id, "id");
    requireNonNull(specName, "specName");
    requireNonNull(specDirectory, "specDirectory");
    requireNonNull(spec, "spec");
    requireNonNull(username, "username");
    requireNonNull(identity, "identity");
    requireNonNull(startedAt, "startedAt");
    env = Map.copyOf(env);
    sleep = requireNonNullElse(sleep, SleepRecord.NEVER);
    held = requireNonNullElse(held, HeldTime.NOTHING);
  }
}
