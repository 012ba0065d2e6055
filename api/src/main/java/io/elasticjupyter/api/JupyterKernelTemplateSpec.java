// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import org.jspecify.annotations.Nullable;

/** A Pod template for kernels. */
public record JupyterKernelTemplateSpec(
    @JsonPropertyDescription("The Pod; image and command come from the kernelspec where absent.")
        @PreserveUnknownFields
        @SchemaFrom(type = OpenObject.class)
        @Nullable PodTemplateSpec template) {}
