// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a kernel's variables are, as its gateway writes it. The commit of a hibernation: only a
 * kernel that is asleep here loses its Pod in the mode Hibernated.
 *
 * @param run whose variables were saved
 */
public record KernelSleep(
    @JsonPropertyDescription("Whether the variables are in the snapshot, and nowhere else.")
        @Nullable Boolean asleep,
    @JsonPropertyDescription("The run whose variables were saved.") @Nullable Integer run,
    @JsonPropertyDescription("Which snapshot of the kernel it is.") @Nullable Integer generation,
    @JsonPropertyDescription("SHA-256 of the snapshot's manifest; another one is refused.")
        @Nullable String digest,
    @JsonPropertyDescription("When it was saved.") @Nullable String savedAt,
    @JsonPropertyDescription("What the variables hold.") @Nullable Long bytes,
    @JsonPropertyDescription("How many variables are kept.") @Nullable Integer kept,
    @JsonPropertyDescription("Variables that could not be kept, with the reason.")
        @Nullable List<String> lost,
    @JsonPropertyDescription("Why the kernel could not hibernate when that was wished last.")
        @Nullable String trouble,
    @JsonPropertyDescription("What the kernel said of itself while it ran.")
        @PreserveUnknownFields
        @SchemaFrom(type = OpenObject.class)
        @Nullable ObjectNode kernelInfo) {

  /** Whether a kernel's variables are in a snapshot, and nowhere else. */
  public static boolean sleeps(@Nullable KernelStatus status) {
    return of(status).isPresent();
  }

  /** What a sleeping kernel's variables are in; empty for one that is awake. */
  public static Optional<KernelSleep> of(@Nullable KernelStatus status) {
    return Optional.ofNullable(status == null ? null : status.hibernation())
        .filter(sleep -> Boolean.TRUE.equals(sleep.asleep()));
  }
}
