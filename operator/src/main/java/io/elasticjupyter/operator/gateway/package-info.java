// SPDX-License-Identifier: Apache-2.0

/** A Deployment, a Service, an identity and a secret for each JupyterGateway. */
@NullMarked
package io.elasticjupyter.operator.gateway;

import org.jspecify.annotations.NullMarked;
