// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Kernels that mount their own folder of a volume, and sleep there: what they hold outlives their
 * Pods and the gateway's, and none sees another's.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class MountedVolumeE2E {

  private static final Duration SECONDS = Duration.ofSeconds(60);
  private static final String NAMESPACE = "mounted-volume";

  /** A folder of the node, as of a file server: Kubernetes changes no owner in it. */
  private static final String VOLUME =
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: mounted-volume}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteMany]
        storageClassName: mounted-volume
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/mounted-volume, type: DirectoryOrCreate}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: shared}
      spec:
        accessModes: [ReadWriteMany]
        storageClassName: mounted-volume
        resources: {requests: {storage: 1Gi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: looks}
      spec:
        terminationGracePeriodSeconds: 0
        containers:
          - name: looks
            image: localhost/elastic-jupyter-kernel-python:dev
            command: [sh, -c, "rm -rf /volume/*; chgrp 100 /volume; chmod 2770 /volume; touch /tmp/open; sleep 3600"]
            readinessProbe: {exec: {command: [cat, /tmp/open]}, periodSeconds: 1}
            securityContext: {runAsUser: 0}
            volumeMounts: [{name: volume, mountPath: /volume}]
        volumes: [{name: volume, persistentVolumeClaim: {claimName: shared}}]
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      spec: {snapshots: {volume: {claimName: shared}}}
      """;

  private static final String STATE =
      "import os, hashlib; data = os.urandom(5_000_000); told = hashlib.sha256(data).hexdigest()";
  private static final String CHECK = "print(hashlib.sha256(data).hexdigest() == told)";

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;

  @BeforeAll
  void start() {
    cleanup.add(
        () -> Kubectl.in(NAMESPACE).run("delete", "persistentvolume", NAMESPACE, "--wait=false"));
    gateway = cleanup.add(ClusterGateway.start(NAMESPACE, VOLUME));
    gateway.kubectl().run("wait", "pod/looks", "--for=condition=Ready", "--timeout=60s");
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  private String found(String... arguments) {
    List<String> words = new ArrayList<>(List.of("exec", "looks", "--", "find", "/volume"));
    words.addAll(List.of(arguments));
    return gateway.kubectl().run(words.toArray(String[]::new));
  }

  private Rest.Answer hibernate(String kernel) {
    return gateway.rest().post("/api/kernels/" + kernel + "/hibernate", Rest.JSON.nullNode());
  }

  private void killGateway() {
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
  }

  @Test
  void aKernelWakesFromTheVolumeAfterItsPodAndItsGatewayAreGone() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run(STATE);
    }
    Rest.Answer slept = hibernate(kernel);
    assertThat(slept.status()).as("%s", slept.json()).isEqualTo(200);
    assertThat(gateway.kubectl().get(ClusterGateway.pod(kernel)).isMissingNode()).isTrue();
    assertThat(found("-type", "f"))
        .contains("/volume/gateway/" + kernel + "/gen-000001/manifest.json", "/blobs/");

    killGateway();

    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run(CHECK)).isEqualTo("True\n");
    }
    assertThat(gateway.rest().delete("/api/kernels/" + kernel).status()).isEqualTo(204);
    Awaitility.await("the deleted kernel's folder is gone")
        .atMost(SECONDS)
        .untilAsserted(() -> assertThat(found("-name", kernel + "*")).isBlank());
  }

  @Test
  void aGatewayThatIsKilledWhileItsKernelSavesLosesNothing() {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      client.run(STATE);
    }
    Rest before = gateway.rest();
    CompletableFuture<Integer> _ =
        CompletableFuture.supplyAsync(
            () ->
                before.post("/api/kernels/" + kernel + "/hibernate", Rest.JSON.nullNode()).status(),
            Thread::startVirtualThread);
    Awaitility.await("it saves")
        .atMost(SECONDS)
        .until(() -> found("-path", "*/" + kernel + "/*").contains(kernel));
    killGateway();

    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run(CHECK)).contains("True");
    }
    Rest.Answer slept = hibernate(kernel);
    assertThat(slept.status()).as("%s", slept.json()).isEqualTo(200);
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run(CHECK)).isEqualTo("True\n");
    }
    assertThat(gateway.rest().delete("/api/kernels/" + kernel).status()).isEqualTo(204);
  }

  @Test
  void aKernelSeesItsOwnFolderAlone() {
    String one = gateway.rest().startKernel("python3");
    String other = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), one)) {
      client.run("x = 1");
    }
    assertThat(hibernate(one).status()).isEqualTo(200);
    try (KernelSocket client = KernelSocket.open(gateway.rest(), other)) {
      assertThat(client.run("import os; print(os.listdir('/var/run/elastic-jupyter/snapshots'))"))
          .isEqualTo("[]\n");
      assertThat(
              client.run(
                  "print([l.split()[3:5] for l in open('/proc/self/mountinfo') if '/elastic-jupyter/snapshots' in l])"))
          .contains(other)
          .doesNotContain(one);
    }
    gateway.rest().delete("/api/kernels/" + one);
    gateway.rest().delete("/api/kernels/" + other);
  }
}
