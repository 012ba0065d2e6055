// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found in a template. */
public record JupyterKernelTemplateStatus(
    @Nullable Long observedGeneration, @Nullable List<Condition> conditions) {}
