// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.gateway;

import io.elasticjupyter.api.Images;
import io.elasticjupyter.api.JupyterGateway;
import java.util.Objects;

/** The image with our programs that a gateway and what serves it are run with. */
public final class GatewayImage {

  private GatewayImage() {}

  public static String of(JupyterGateway gateway) {
    return gateway.getSpec() == null
        ? Images.PROGRAMS
        : Objects.requireNonNullElse(gateway.getSpec().image(), Images.PROGRAMS);
  }
}
