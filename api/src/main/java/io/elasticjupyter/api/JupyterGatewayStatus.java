// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a gateway is.
 *
 * @param kernels how many JupyterKernels it has
 * @param runningKernels how many of them have a Pod
 * @param url inside the cluster
 */
public record JupyterGatewayStatus(
    @Nullable Long observedGeneration,
    @Nullable List<Condition> conditions,
    @Nullable Integer kernels,
    @Nullable Integer runningKernels,
    @Nullable String url) {}
