// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a JupyterKernel. (Not of a JupyterKernelSpec: that kind's name is taken.)
 *
 * @param template of a kernel made by hand or by {@code kubeflow-launcher}: its whole Pod
 * @param env what its client gave, KERNEL_* and the names that the gateway allows
 * @param run which start of the kernel is wanted, from 1; a Pod of another run is replaced
 */
@ValidationRule(
    value = "has(self.template) || has(self.kernelSpec)",
    message =
        "a kernel needs spec.kernelSpec (the JupyterKernelSpec to start it from) or spec.template"
            + " (its whole Pod)")
@ValidationRule(
    value = "!has(self.kernelSpec) || (has(self.kernelId) && has(self.gateway))",
    message =
        "a kernel that is started from a JupyterKernelSpec needs spec.kernelId (a UUID) and"
            + " spec.gateway (the JupyterGateway whose clients use it)")
public record KernelSpec(
    @JsonPropertyDescription("Pod template of a kernel made by hand; fields unknown here are kept.")
        @PreserveUnknownFields
        @SchemaFrom(type = OpenObject.class)
        @Nullable PodTemplateSpec template,
    @JsonPropertyDescription("JupyterGateway of the same namespace whose clients use the kernel.")
        @Nullable String gateway,
    @JsonPropertyDescription(
            "JupyterKernelSpec of the same namespace that the kernel is started from.")
        @Nullable String kernelSpec,
    @JsonPropertyDescription("The kernel's id, as clients know it.")
        @Pattern("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
        @Nullable String kernelId,
    @JsonPropertyDescription("Whose kernel it is.") @Nullable String user,
    @JsonPropertyDescription("Environment that the kernel's client gave.")
        @Nullable Map<String, String> env,
    @JsonPropertyDescription("Which start of the kernel is wanted; a higher number starts it anew.")
        @Default("1")
        @Min(1)
        @Nullable Integer run,
    @JsonPropertyDescription("Running has a Pod, Stopped and Hibernated have none.")
        @Default("Running")
        @Nullable OperatingMode operatingMode) {

  /** Whether a kernel shall have a Pod. */
  public enum OperatingMode {
    @JsonProperty("Running")
    RUNNING,
    @JsonProperty("Stopped")
    STOPPED,
    @JsonProperty("Hibernated")
    HIBERNATED
  }
}
