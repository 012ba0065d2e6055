// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Base64;
import org.awaitility.Awaitility;

/** A gateway in a Pod, reached with its token through a forwarded port; until it is closed. */
final class ForwardedGateway implements AutoCloseable {

  private final PortForward port;
  private final Rest rest;

  private ForwardedGateway(PortForward port, Rest rest) {
    this.port = port;
    this.rest = rest;
  }

  /** Waits until the gateway is ready. */
  static ForwardedGateway of(Kubectl kubectl, String name) {
    Awaitility.await("the gateway's Pod is ready")
        .atMost(Duration.ofSeconds(110))
        .until(() -> isReady(kubectl, name));
    String token = kubectl.get("secret/" + name + "-gateway").at("/data/token").asText();
    PortForward port = PortForward.to(kubectl, "deploy/" + name, 8888);
    return new ForwardedGateway(
        port, new Rest(port.url(), new String(Base64.getDecoder().decode(token), UTF_8)));
  }

  /** Its Pod, since the word of its Deployment is a moment old where a Pod was just deleted. */
  private static boolean isReady(Kubectl kubectl, String name) {
    String selector =
        "--selector=app.kubernetes.io/component=gateway,kubeflow.tkestack.io/gateway=" + name;
    return kubectl
            .attempt("", "wait", "pod", selector, "--for=condition=Ready", "--timeout=20s")
            .code()
        == 0;
  }

  Rest rest() {
    return rest;
  }

  @Override
  public void close() {
    port.close();
  }
}
