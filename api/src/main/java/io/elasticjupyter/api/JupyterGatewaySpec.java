// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a gateway.
 *
 * @param kernels names of JupyterKernelSpecs that it offers; null or empty for all of its namespace
 * @param image ours or any image of Enterprise Gateway
 */
@ValidationRule(
    value = "!has(self.replicas) || self.replicas == 1 || !has(self.storage)",
    message =
        "spec.storage is a volume of one gateway; several (spec.replicas) need none for their own state,"
            + " and spec.snapshots.volume for what sleeping kernels held")
@ValidationRule(
    value =
        "!has(self.replicas) || self.replicas == 1 || (has(self.idle) && has(self.idle.action) &&"
            + " self.idle.action == 'Delete') || (has(self.snapshots) && has(self.snapshots.volume))",
    message =
        "with several gateways (spec.replicas) kernels that hibernate need spec.snapshots.volume, which"
            + " all of them mount, or spec.idle.action: Delete")
public record JupyterGatewaySpec(
    @JsonPropertyDescription(
            "JupyterKernelSpecs that are offered; all of the namespace without it.")
        @Nullable List<String> kernels,
    @JsonPropertyDescription("The JupyterKernelSpec of a notebook that names none.")
        @Nullable String defaultKernel,
    @JsonPropertyDescription("Seconds until an idle kernel gives its Pod back; 0 never.")
        @Default("3600")
        @Min(0)
        @Max(31_536_000)
        @Nullable Integer cullIdleTimeout,
    @JsonPropertyDescription("Seconds between two looks for idle kernels.")
        @Default("10")
        @Min(1)
        @Max(86_400)
        @Nullable Integer cullInterval,
    @JsonPropertyDescription("DEBUG, INFO, WARN or ERROR.") @Default("INFO")
        @Nullable String logLevel,
    @JsonPropertyDescription("Resources of the gateway's container.")
        @PreserveUnknownFields
        @SchemaFrom(type = OpenObject.class)
        @Nullable ResourceRequirements resources,
    @JsonPropertyDescription("Image of the gateway; our own without it.") @Nullable String image,
    @JsonPropertyDescription("ClusterRole that the gateway's ServiceAccount is bound to as well.")
        @Nullable String clusterRole,
    @JsonPropertyDescription("Which kernels are idle, beyond the two fields above.")
        @Nullable Idle idle,
    @JsonPropertyDescription("Bounds for what clients may ask of their kernels.")
        @Nullable Clients clients,
    @JsonPropertyDescription(
            "Other namespaces whose notebooks may use the gateway; * for all. Its own always may.")
        @Nullable List<String> notebookNamespaces,
    @JsonPropertyDescription(
            "A volume for the gateway's state and its kernels' snapshots; without one, kernels that hibernate lose their variables with the gateway's Pod.")
        @Nullable Storage storage,
    @JsonPropertyDescription("What sleeping kernels may take.") @Nullable Snapshots snapshots,
    @JsonPropertyDescription(
            "Gateways that work at the same time; each kernel is had by one, and taken by another when that one ends.")
        @Default("1")
        @Min(1)
        @Max(16)
        @SpecReplicas
        @Nullable Integer replicas) {

  /** Everything left to its default. */
  public static JupyterGatewaySpec empty() {
    return new JupyterGatewaySpec(
        null, null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /** What sleeping kernels may take of a gateway; zero is no limit. */
  @ValidationRule(
      value = "!has(self.store) || !has(self.volume)",
      message = "snapshots are kept in a store or in a volume, not in both")
  public record Snapshots(
      @JsonPropertyDescription(
              "Seconds that a kernel may sleep; then what it held is removed and its user told.")
          @Default("2592000")
          @Min(0)
          @Nullable Integer maxAge,
      @JsonPropertyDescription("Most that one kernel's snapshot may take, such as 32G.")
          @Default("32G")
          @Pattern("^[0-9]+[kKmMgGtT]?$")
          @Nullable String maxSize,
      @JsonPropertyDescription("Most that those of one user may take together.")
          @Default("128G")
          @Pattern("^[0-9]+[kKmMgGtT]?$")
          @Nullable String maxSizePerUser,
      @JsonPropertyDescription("Most that all may take together.")
          @Default("512G")
          @Pattern("^[0-9]+[kKmMgGtT]?$")
          @Nullable String maxSizeTotal,
      @JsonPropertyDescription("An object store for them, instead of the gateway's own volume.")
          @Nullable SnapshotStore store,
      @JsonPropertyDescription(
              "A volume that kernels mount as well, instead of the gateway's own or a store.")
          @Nullable SnapshotVolume volume) {}

  /** When a kernel counts as idle. */
  public record Idle(
      @JsonPropertyDescription("Whether a kernel whose notebook is open can be idle.")
          @Default("true")
          @Nullable Boolean connected,
      @JsonPropertyDescription("Whether a kernel that runs a cell but says nothing can be idle.")
          @Default("false")
          @Nullable Boolean busy,
      @JsonPropertyDescription(
              "What becomes of an idle kernel: Hibernate keeps its variables, Delete does not.")
          @Default("Hibernate")
          @Nullable Action action,
      @JsonPropertyDescription(
              "When some variables cannot be kept: Proceed hibernates and tells which, KeepRunning does not.")
          @Default("Proceed")
          @Nullable OnLoss onLoss,
      @JsonPropertyDescription(
              "Longest idle timeout in seconds that a client may ask for its own kernel; a shorter one it always may.")
          @Default("0")
          @Min(0)
          @Nullable Integer timeoutLimit) {}

  /** What becomes of an idle kernel. */
  public enum Action {
    @JsonProperty("Hibernate")
    HIBERNATE,
    @JsonProperty("Delete")
    DELETE
  }

  /** What is done when some variables cannot be kept. */
  public enum OnLoss {
    @JsonProperty("Proceed")
    PROCEED,
    @JsonProperty("KeepRunning")
    KEEP_RUNNING
  }

  /** What clients may choose by KERNEL_* names. */
  public record Clients(
      @JsonPropertyDescription(
              "Images that KERNEL_IMAGE may name, * at the end is any rest; none without it.")
          @Nullable List<String> images,
      @JsonPropertyDescription(
              "Whether KERNEL_VOLUMES and KERNEL_VOLUME_MOUNTS are heeded (claims only).")
          @Default("false")
          @Nullable Boolean volumes,
      @JsonPropertyDescription("Most that KERNEL_CPUS_LIMIT may ask.") @Nullable String maxCpus,
      @JsonPropertyDescription("Most that KERNEL_MEMORY_LIMIT may ask.") @Nullable String maxMemory,
      @JsonPropertyDescription("Most that KERNEL_GPUS may ask.") @Min(0)
          @Nullable Integer maxGpus) {}
}
