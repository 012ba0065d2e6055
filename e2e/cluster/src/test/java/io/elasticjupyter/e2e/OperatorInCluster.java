// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;

/** The operator as it is installed, one for the whole cluster. */
final class OperatorInCluster implements AutoCloseable {

  private static final Kubectl KUBECTL = Kubectl.in("elastic-jupyter");
  private static final String DEPLOYMENT = "deploy/elastic-jupyter-operator";
  private static final String SELECTOR = "app.kubernetes.io/name=elastic-jupyter-operator";

  Kubectl kubectl() {
    return KUBECTL;
  }

  /** As install.yaml has it. */
  void install() {
    install("dev");
  }

  /** As install.yaml has it, but with our programs of another version. */
  void install(String tag) {
    Installation.apply(tag);
    awaitRollout();
  }

  void useImage(String image) {
    KUBECTL.run("set", "image", DEPLOYMENT, "operator=" + image);
    awaitRollout();
  }

  void scale(int replicas) {
    KUBECTL.run("scale", DEPLOYMENT, "--replicas=" + replicas);
    awaitRollout();
  }

  void delete() {
    KUBECTL.run("delete", DEPLOYMENT, "--cascade=foreground", "--timeout=60s");
  }

  void deletePods() {
    KUBECTL.run("delete", "pods", "-l", SELECTOR, "--wait=false");
  }

  void awaitRollout() {
    KUBECTL.run("rollout", "status", DEPLOYMENT, "--timeout=110s");
  }

  /** Names of the Pods that are there to stay. */
  List<String> pods() {
    return StreamSupport.stream(KUBECTL.list("pods", "-l", SELECTOR).spliterator(), false)
        .filter(pod -> pod.at("/metadata/deletionTimestamp").isMissingNode())
        .map(pod -> pod.at("/metadata/name").asText())
        .toList();
  }

  /** What one of them answers at its monitoring port. */
  String ask(String pod, String path) {
    return KUBECTL.run(
        "get",
        "--raw",
        "/api/v1/namespaces/%s/pods/%s:8080/proxy%s".formatted(KUBECTL.namespace(), pod, path));
  }

  /** Who is written down as the one that works. */
  String leader() {
    JsonNode lease = KUBECTL.get("lease/elastic-jupyter-operator");
    assertThat(lease.isMissingNode()).isFalse();
    return lease.at("/spec/holderIdentity").asText();
  }

  /** For the tests that follow. */
  @Override
  public void close() {
    install();
  }
}
