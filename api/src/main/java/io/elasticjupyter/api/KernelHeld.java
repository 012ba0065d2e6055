// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How long a kernel held its Pod and gave it back, as its gateway counts it. */
public record KernelHeld(
    @JsonPropertyDescription("Seconds in which it ran something.") @Nullable Long busySeconds,
    @JsonPropertyDescription("Seconds in which it had a Pod and did nothing.")
        @Nullable Long idleSeconds,
    @JsonPropertyDescription("Seconds in which it hibernated, and others could have its resources.")
        @Nullable Long givenBackSeconds) {}
