// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a kind of kernel can be started. */
public record JupyterKernelSpecStatus(
    @Nullable Long observedGeneration, @Nullable List<Condition> conditions) {}
