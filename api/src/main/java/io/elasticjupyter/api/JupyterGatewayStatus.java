// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a gateway is.
 *
 * @param kernels how many JupyterKernels it has
 * @param runningKernels how many of them have a Pod
 * @param url inside the cluster
 * @param replicas how many gateways there are, for a horizontal autoscaler
 * @param selector their Pods' labels, for the same
 */
public record JupyterGatewayStatus(
    @Nullable Long observedGeneration,
    @Nullable List<Condition> conditions,
    @Nullable Integer kernels,
    @Nullable Integer runningKernels,
    @Nullable String url,
    @StatusReplicas @Nullable Integer replicas,
    @LabelSelector @Nullable String selector) {}
