// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a notebook server is.
 *
 * @param url inside the cluster
 */
public record JupyterNotebookStatus(
    @Nullable Long observedGeneration,
    @Nullable List<Condition> conditions,
    @Nullable String url) {}
