// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.awaitility.Awaitility;

/** A JupyterGateway in a namespace of its own, spoken to through a forwarded port. */
final class ClusterGateway implements AutoCloseable {

  static final String NAME = "gateway";

  private final Kubectl kubectl;
  private PortForward port;
  private Rest rest;

  private ClusterGateway(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  /**
   * Installs the operator where it is not, makes the namespace and waits for the gateway.
   *
   * @param manifests what else the namespace needs, the JupyterGateway of {@link #NAME} among it
   */
  static ClusterGateway start(String namespace, String manifests) {
    Installation.apply();
    return startAsInstalled(namespace, manifests);
  }

  /** The same with whatever version of the operator is installed. */
  static ClusterGateway startAsInstalled(String namespace, String manifests) {
    Kubectl kubectl = Kubectl.in(namespace);
    kubectl.run("create", "namespace", namespace);
    ClusterGateway gateway = new ClusterGateway(kubectl);
    try {
      gateway.apply(manifests);
      kubectl.run("wait", "jgw/" + NAME, "--for=condition=Ready", "--timeout=110s");
      gateway.forward();
      return gateway;
    } catch (RuntimeException | AssertionError e) {
      gateway.close();
      throw e;
    }
  }

  /** Applies manifests, which must be taken. */
  void apply(String manifests) {
    Kubectl.Said said = kubectl.apply(manifests);
    assertThat(said.code()).as("%s", said.text()).isZero();
  }

  /** Reaches the gateway's Pod that runs now, in place of one before. */
  void forward() {
    if (port != null) {
      port.close();
    }
    awaitNoneLeaves();
    port = PortForward.to(kubectl, "deploy/" + NAME, 8888);
    String token =
        new String(
            Base64.getDecoder()
                .decode(kubectl.get("secret/" + NAME + "-gateway").at("/data/token").asText()),
            StandardCharsets.UTF_8);
    rest = new Rest(port.url(), token);
  }

  /** One that gives its kernels away still answers, and closes its websockets at any moment. */
  private void awaitNoneLeaves() {
    Awaitility.await("gateways that leave are gone")
        .atMost(Duration.ofMinutes(2))
        .until(() -> {
          boolean leaving = false;
          for (JsonNode pod : kubectl.list("pods", "-l", "app.kubernetes.io/component=gateway")) {
            leaving |= !pod.at("/metadata/deletionTimestamp").isMissingNode();
          }
          return !leaving;
        });
  }

  Kubectl kubectl() {
    return kubectl;
  }

  Rest rest() {
    return rest;
  }

  /** The JupyterKernel of a kernel that no user was named for. */
  static String resource(String kernel) {
    return "jk/jovyan-" + kernel;
  }

  static String pod(String kernel) {
    return "pod/jovyan-" + kernel;
  }

  /** The condition Ready of a kernel's resource. */
  JsonNode ready(String kernel) {
    return kubectl.get(resource(kernel)).at("/status/conditions/0");
  }

  @Override
  public void close() {
    if (port != null) {
      port.close();
    }
    kubectl.run("delete", "namespace", kubectl.namespace(), "--wait=false");
  }
}
