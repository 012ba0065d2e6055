// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a kind of kernel is.
 *
 * @param command null for ipykernel's, or in callback mode for the image's own
 * @param launchMode null for what the command says, see {@link LaunchMode#of}
 * @param className of Enterprise Gateway's process proxy; kept for it, without a meaning to us
 */
public record JupyterKernelSpecSpec(
    @JsonPropertyDescription("The kernel's language.") @Required String language,
    @JsonPropertyDescription("What users read in the list of kernels.")
        @Nullable String displayName,
    @JsonPropertyDescription("Image of the kernel's container.") @Nullable String image,
    @JsonPropertyDescription("Environment of the kernel's container.") @PreserveUnknownFields
        @Nullable List<EnvVar> env,
    @JsonPropertyDescription("Command of the kernel, with Jupyter's placeholders.")
        @Nullable List<String> command,
    @JsonPropertyDescription(
            "Direct reads a connection file, Callback calls the gateway; by default the command tells.")
        @Nullable LaunchMode launchMode,
    @JsonPropertyDescription("Process proxy class, for images of Enterprise Gateway.")
        @Nullable String className,
    @JsonPropertyDescription("The JupyterKernelTemplate that its Pods are made from.")
        @Nullable ObjectName template,
    @JsonPropertyDescription("Resources of the kernel's container, over those of the template.")
        @PreserveUnknownFields
        @SchemaFrom(type = OpenObject.class)
        @Nullable ResourceRequirements resources,
    @JsonPropertyDescription("signal or message, as in a kernel.json.")
        @Nullable String interruptMode,
    @JsonPropertyDescription(
            "Seconds until an idle kernel of this kind gives its Pod back, in place of the gateway's.")
        @Min(0)
        @Nullable Integer cullIdleTimeout,
    @JsonPropertyDescription("What becomes of its idle kernels, in place of what the gateway says.")
        @Nullable KernelIdle idle,
    @JsonPropertyDescription(
            "Texts in the kernel's language that save its session and restore it; Python and R need none.")
        @Nullable Hibernate hibernate) {

  /** What becomes of an idle kernel; null for the gateway's. */
  public record KernelIdle(
      @JsonPropertyDescription("Hibernate keeps the kernel's variables, Delete does not.")
          JupyterGatewaySpec.@Nullable Action action,
      @JsonPropertyDescription(
              "When some variables cannot be kept: Proceed hibernates and tells which, KeepRunning does not.")
          JupyterGatewaySpec.@Nullable OnLoss onLoss) {}

  /** A pair of texts, with the marks @PATH@, @URL@ and @TOKEN@. */
  public record Hibernate(
      @JsonPropertyDescription("Writes the session to @PATH@, and puts that to @URL@.") @Required
          String save,
      @JsonPropertyDescription("Gets the session from @URL@ to @PATH@, and reads it.") @Required
          String restore) {}
}
