// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a kernel is.
 *
 * @param run the run that the other fields are about
 * @param pod name of its Pod, null where it has none
 * @param ip address of its Pod
 * @param launchMode how its Pod was started, null where it has none
 * @param reason one word that programs can rely on, see {@link KernelReason}
 * @param message one sentence for the kernel's user
 * @param exitCode of the kernel's container, once it has ended
 * @param leavesAt when its Pod is ended at the latest, which the cluster has asked to go and which
 *     runs until then so that its variables are saved; null for a Pod that stays
 * @param resources what its Pod asks for, or asked for last: what it holds while it has one
 * @param hibernation what its gateway says of its variables; null for a kernel that never slept
 * @param held how long it held its Pod; its gateway's as well
 */
public record KernelStatus(
    @Nullable Long observedGeneration,
    @Nullable List<Condition> conditions,
    @Nullable Integer run,
    @Nullable String pod,
    @Nullable String ip,
    @Nullable LaunchMode launchMode,
    @Nullable Stage stage,
    @Nullable KernelReason reason,
    @Nullable String message,
    @Nullable Integer exitCode,
    @Nullable String leavesAt,
    @Nullable Map<String, String> resources,
    @Nullable KernelSleep hibernation,
    @Nullable KernelHeld held) {

  /** How far a kernel's Pod has come. */
  public enum Stage {
    @JsonProperty("Queued")
    QUEUED,
    @JsonProperty("Scheduling")
    SCHEDULING,
    @JsonProperty("PullingImage")
    PULLING_IMAGE,
    @JsonProperty("Starting")
    STARTING,
    @JsonProperty("Running")
    RUNNING,
    @JsonProperty("Ended")
    ENDED,
    @JsonProperty("Stopped")
    STOPPED,
    @JsonProperty("Hibernated")
    HIBERNATED
  }

  /** Without what the gateway says, which is the gateway's alone to write. */
  public KernelStatus ofOperator() {
    return new KernelStatus(
        observedGeneration,
        conditions,
        run,
        pod,
        ip,
        launchMode,
        stage,
        reason,
        message,
        exitCode,
        leavesAt,
        resources,
        null,
        null);
  }
}
