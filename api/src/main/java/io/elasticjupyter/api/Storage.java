// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** A volume of a resource's own, kept as long as the resource. */
public record Storage(
    @JsonPropertyDescription("Its size, for example 10Gi.") @Default("10Gi") String size,
    @JsonPropertyDescription("Its storage class; the cluster's default without one.")
        @Nullable String storageClassName) {}
