// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a notebook server.
 *
 * @param gateway null where its kernels run inside its own Pod
 * @param template null for our own image of JupyterLab
 */
@ValidationRule(
    value = "has(self.gateway) || has(self.template)",
    message =
        "a notebook needs spec.gateway (the JupyterGateway that runs its kernels) or spec.template"
            + " (a Pod whose image has its own kernels)")
public record JupyterNotebookSpec(
    @JsonPropertyDescription("The JupyterGateway that runs this notebook's kernels.")
        @Nullable ObjectName gateway,
    @JsonPropertyDescription("Who may use the notebook server.") @Nullable Auth auth,
    @JsonPropertyDescription("Pod template of the notebook server; fields unknown here are kept.")
        @PreserveUnknownFields
        @SchemaFrom(type = OpenObject.class)
        @Nullable PodTemplateSpec template,
    @JsonPropertyDescription("A volume for the user's home directory, kept with the notebook.")
        @Nullable Storage storage) {

  /** How users show who they are. */
  @ValidationRule(
      value =
          "!(has(self.mode) && self.mode == 'disable') || !(has(self.token) || has(self.password))",
      message = "auth.mode is disable, so a token or password has no meaning: remove it or enable")
  public record Auth(
      @JsonPropertyDescription("disable lets everybody in who reaches the server.")
          @Default("enable")
          @Nullable Mode mode,
      @JsonPropertyDescription("The token; without one, the operator makes one.")
          @Nullable String token,
      @JsonPropertyDescription("A hashed password, as jupyter_server makes it.")
          @Nullable String password) {}

  /** Whether a token is asked for. */
  public enum Mode {
    @JsonProperty("enable")
    ENABLE,
    @JsonProperty("disable")
    DISABLE
  }
}
