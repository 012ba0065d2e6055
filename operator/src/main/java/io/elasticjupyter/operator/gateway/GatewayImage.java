// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import io.elasticjupyter.api.JupyterGateway;
import java.util.Objects;

/**
 * The image with our programs that a gateway and what waits for it are run with.
 *
 * @param unnamed where the gateway's resource names none: the operator's own, so that both are of
 *     one version
 */
public record GatewayImage(String unnamed) {

  public String of(JupyterGateway gateway) {
    return gateway.getSpec() == null
        ? unnamed
        : Objects.requireNonNullElse(gateway.getSpec().image(), unnamed);
  }
}
