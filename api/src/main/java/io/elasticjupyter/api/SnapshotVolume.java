// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A volume for what kernels hold while they hibernate: the gateway mounts it, and each kernel's Pod
 * the one folder in it that is the kernel's.
 */
public record SnapshotVolume(
    @JsonPropertyDescription(
            "PersistentVolumeClaim of this namespace that all nodes with kernels can mount at a time (ReadWriteMany), or the one node that there is.")
        @Required
        @Pattern("^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")
        String claimName,
    @JsonPropertyDescription(
            "Map lets a kernel that woke read large arrays from the volume when they are touched first; Read reads all before it runs, which a volume over a network that can fail wants.")
        @Default("Map")
        @Nullable Loading loading) {

  /**
   * The group that owns everything in it: kernels write by it, and the gateway removes. The one
   * that kernels have unless their template or client names another.
   */
  public static final long GROUP = 100;

  /** How a kernel that wakes gets what it held. */
  public enum Loading {
    @JsonProperty("Map")
    MAP,
    @JsonProperty("Read")
    READ
  }

  /** Where in the volume a kernel's folder is. */
  public static String folder(String gateway, String kernelId) {
    return gateway + "/" + kernelId;
  }
}
