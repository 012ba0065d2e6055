// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.testkit.ObjectServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * A real object store in the cluster holds what kernels hibernate with: kernels' Pods talk to it by
 * links, and a gateway that lost its Pod and its disk wakes them all the same.
 */
@Tag("object-store")
@TestInstance(Lifecycle.PER_CLASS)
final class ObjectStoreE2E {

  private static final String BUCKET = "/data/snapshots";
  private static final String STORE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: store}
      spec:
        selector: {app: store}
        ports: [{port: 7070}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: store, labels: {app: store}}
      spec:
        terminationGracePeriodSeconds: 0
        containers:
          - name: store
            image: localhost/elastic-jupyter-kernel-python:dev
            command:
              - sh
              - -c
              - mkdir %1$s; until [ -e /data/come ]; do sleep 0.2; done; exec /data/versitygw --port :7070 posix /data
            env:
              - {name: ROOT_ACCESS_KEY, value: "%2$s"}
              - {name: ROOT_SECRET_KEY, value: "%3$s"}
            volumeMounts: [{name: data, mountPath: /data}]
        volumes: [{name: data, emptyDir: {}}]
      """
          .formatted(BUCKET, ObjectServer.ACCESS_KEY, ObjectServer.SECRET_KEY);
  private static final String SETTING =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: store-keys}
      stringData: {AWS_ACCESS_KEY_ID: "%s", AWS_SECRET_ACCESS_KEY: "%s"}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      spec:
        snapshots:
          store:
            endpoint: http://store.object-store.svc:7070
            bucket: snapshots
            secretName: store-keys
      """
          .formatted(ObjectServer.ACCESS_KEY, ObjectServer.SECRET_KEY);

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;

  @BeforeAll
  void start() {
    gateway = cleanup.add(ClusterGateway.start("object-store", STORE + "---\n" + SETTING));
    Kubectl kubectl = gateway.kubectl();
    kubectl.run("wait", "pod/store", "--for=condition=Ready", "--timeout=60s");
    kubectl.run("cp", ObjectServer.program().toString(), "store:/data/versitygw");
    inStore("touch", "/data/come");
    Awaitility.await("the store listens")
        .atMost(Duration.ofSeconds(30))
        .until(() -> inStore("cat", "/proc/1/comm").contains("versitygw"));
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void aGatewayThatLostItsDiskWakesWhatTheStoreHas() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run(
          "import os, hashlib; data = os.urandom(5_000_000); told = hashlib.sha256(data).hexdigest()");
    }
    Rest.Answer slept =
        gateway.rest().post("/api/kernels/" + kernel + "/hibernate", Rest.JSON.nullNode());
    assertThat(slept.status()).as("%s", slept.json()).isEqualTo(200);
    assertThat(objects()).contains(kernel).contains("manifest.json").contains("blobs");

    gateway
        .kubectl()
        .run(
            "delete",
            "pod",
            "--selector=app.kubernetes.io/component=gateway",
            "--force",
            "--grace-period=0");
    gateway.kubectl().run("rollout", "status", "deploy/gateway", "--timeout=110s");
    gateway.forward();

    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run("print(hashlib.sha256(data).hexdigest() == told)")).isEqualTo("True\n");
      assertThat(client.run("print([name for name in os.environ if name.startswith('AWS_')])"))
          .as("keys of the store in a kernel")
          .isEqualTo("[]\n");
    }
    gateway.rest().delete("/api/kernels/" + kernel);
    Awaitility.await("the deleted kernel's objects are gone")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(objects()).doesNotContain("manifest.json"));
  }

  private String objects() {
    return inStore("find", BUCKET, "-type", "f");
  }

  private String inStore(String... command) {
    List<String> words = new ArrayList<>(List.of("exec", "store", "--"));
    words.addAll(List.of(command));
    return gateway.kubectl().run(words.toArray(String[]::new));
  }
}
