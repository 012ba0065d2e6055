// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A namespace of a test's own, with a gateway {@code gw} and a notebook {@code lab} that run. */
final class Workspace implements AutoCloseable {

  private static final String RESOURCES =
      """
      {"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": "kubeflow.tkestack.io/v1alpha1", "kind": "JupyterGateway",
         "metadata": {"name": "gw"}, "spec": {}},
        {"apiVersion": "kubeflow.tkestack.io/v1alpha1", "kind": "JupyterNotebook",
         "metadata": {"name": "lab"},
         "spec": {"gateway": {"name": "gw"}}}]}\
      """;

  private final Kubectl kubectl;
  private final Cleanup cleanup = new Cleanup();

  private Workspace(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  /**
   * Makes it, on the newest installation.
   *
   * @param labels of the namespace, as {@code name=value}
   */
  static Workspace make(String namespace, String... labels) {
    Installation.apply();
    Workspace workspace = new Workspace(Kubectl.in(namespace));
    try {
      workspace.fill(labels);
      return workspace;
    } catch (RuntimeException | AssertionError e) {
      workspace.removeAfter(e);
      throw e;
    }
  }

  private void fill(String... labels) {
    kubectl.run("create", "namespace", kubectl.namespace());
    cleanup.add(() -> kubectl.run("delete", "namespace", kubectl.namespace(), "--wait=false"));
    for (String label : labels) {
      kubectl.run("label", "namespace", kubectl.namespace(), label);
    }
    assertThat(kubectl.apply(RESOURCES)).returns(0, Kubectl.Said::code);
    kubectl.run("wait", "jgw/gw", "jnb/lab", "--for=condition=Ready", "--timeout=110s");
  }

  private void removeAfter(Throwable failure) {
    try {
      cleanup.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }

  Kubectl kubectl() {
    return kubectl;
  }

  /** The gateway, asked through the notebook's server, as its user's browser does. */
  Rest throughNotebook() {
    return new Rest(
        cleanup.add(PortForward.to(kubectl, "deploy/lab", 8888)).url(),
        secret("lab-notebook", "token"));
  }

  /** The gateway itself. */
  Rest gateway() {
    return new Rest(
        cleanup.add(PortForward.to(kubectl, "deploy/gw", 8888)).url(),
        secret("gw-gateway", "token"));
  }

  /** What a Secret holds under a name, as text. */
  String secret(String name, String key) {
    String encoded = kubectl.get("secret/" + name).at("/data/" + key).asText();
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws Exception {
    cleanup.close();
  }
}
