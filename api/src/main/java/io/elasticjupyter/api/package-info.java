// SPDX-License-Identifier: Apache-2.0

/**
 * The five custom resources of group {@code kubeflow.tkestack.io}, and the names that the operator,
 * the gateway and their Pods agree on. Specs and statuses are records: what is absent in a manifest
 * is null, since the API server has put in the defaults already.
 */
@NullMarked
package io.elasticjupyter.api;

import org.jspecify.annotations.NullMarked;
