// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Gateway, operator and Pod are killed at random moments of a kernel's sleep and waking, with
 * snapshots on a volume of the cluster. The kernel has its variables afterwards, or it was its Pod
 * that was killed before they were saved, and its user is told so.
 *
 * <p>{@code -Delastic.seed} repeats a run, {@code -Delastic.faults} makes it longer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HibernationLossesE2E {

  private static final System.Logger LOG = System.getLogger(HibernationLossesE2E.class.getName());
  private static final Duration SECONDS = Duration.ofSeconds(90);
  private static final int FAULTS = Integer.getInteger("elastic.faults", 6);
  private static final int LATEST_MILLIS = 1_500;
  private static final String NAMESPACE = "hibernation-losses";

  /** A folder of the node that the gateway's user may write to, as a volume of a cluster is. */
  private static final String SETTING =
      """
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: hibernation-losses}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteOnce]
        storageClassName: hibernation-losses
        persistentVolumeReclaimPolicy: Retain
        hostPath: {path: /tmp/hibernation-losses, type: DirectoryOrCreate}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: opens-the-folder}
      spec:
        restartPolicy: Never
        containers:
          - name: opens
            image: localhost/elastic-jupyter-kernel-python:dev
            command: [chmod, "0777", /folder]
            securityContext: {runAsUser: 0}
            volumeMounts: [{name: folder, mountPath: /folder}]
        volumes:
          - name: folder
            hostPath: {path: /tmp/hibernation-losses, type: DirectoryOrCreate}
      ---
      apiVersion: kubeflow.tkestack.io/v1alpha1
      kind: JupyterGateway
      metadata: {name: gateway}
      spec:
        storage: {size: 1Gi, storageClassName: hibernation-losses}
      """;

  private static final String STATE =
      "import os, hashlib; data = os.urandom(20_000_000); told = hashlib.sha256(data).hexdigest(); pair = [data, data]; print('set')";
  private static final String CHECK =
      "print(hashlib.sha256(data).hexdigest() == told and pair[0] is data if 'told' in globals() else 'gone')";

  private enum Fault {
    GATEWAY,
    OPERATOR,
    POD
  }

  private final Cleanup cleanup = new Cleanup();
  private ClusterGateway gateway;

  @BeforeAll
  void start() {
    cleanup.add(
        () -> Kubectl.in(NAMESPACE).run("delete", "persistentvolume", NAMESPACE, "--wait=false"));
    gateway = cleanup.add(ClusterGateway.start(NAMESPACE, SETTING));
  }

  @AfterAll
  void remove() throws Exception {
    cleanup.close();
  }

  @Test
  void whateverIsKilledWhenTheVariablesAreThereOrItIsToldThatTheyAreNot() {
    long seed = Long.getLong("elastic.seed", System.nanoTime());
    LOG.log(Level.INFO, "repeat it with -Delastic.seed={0,number,#}", seed);
    Random random = new Random(seed);
    for (int number = 0; number < FAULTS; number++) {
      Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
      boolean isWaking = random.nextBoolean();
      int millis = random.nextInt(LATEST_MILLIS);
      String what =
          "fault %d: %s %d ms after it was to %s, seed %d"
              .formatted(number, fault, millis, isWaking ? "wake" : "sleep", seed);
      LOG.log(Level.INFO, what);
      survives(fault, isWaking, millis, what);
    }
  }

  private void survives(Fault fault, boolean isWaking, int millis, String what) {
    String kernel = gateway.rest().startKernel("python3");
    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      assertThat(client.run(STATE)).as(what).isEqualTo("set\n");
    }
    if (isWaking) {
      assertThat(ask(gateway.rest(), kernel, "hibernate")).as(what).isEqualTo(200);
    }
    Rest before = gateway.rest();
    CompletableFuture<Integer> _ =
        CompletableFuture.supplyAsync(
            () -> ask(before, kernel, isWaking ? "wake" : "hibernate"), Thread::startVirtualThread);
    // What is tried is the moment itself, so nothing is there to be waited for.
    Awaitility.await("the moment").pollDelay(Duration.ofMillis(millis)).until(() -> true);
    kill(fault, kernel);

    try (KernelSocket client = KernelSocket.open(gateway.rest(), kernel)) {
      String said = check(client, what);
      if (fault == Fault.POD && said.isEmpty()) {
        // The cell was running when its Pod was killed, and says so.
        said = check(client, what);
      }
      if (fault == Fault.POD && said.contains("gone")) {
        assertThat(client.messages())
            .as(what)
            .anyMatch(message -> message.text().contains("its variables are gone"));
      } else {
        assertThat(said).as("%s, told %s", what, texts(client)).contains("True");
      }
    }
    assertThat(gateway.rest().delete("/api/kernels/" + kernel).status()).as(what).isEqualTo(204);
  }

  /** What the check printed; nothing where it was not finished. */
  private static String check(KernelSocket client, String what) {
    String cell = client.execute(CHECK);
    client.await(what, message -> message.replies(cell), SECONDS);
    client.awaitIdle(cell);
    return client.printed(cell);
  }

  private static List<String> texts(KernelSocket client) {
    return client.messages().stream()
        .map(ClientMessage::text)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  /** Where the gateway is killed, it may not answer at all. */
  private static int ask(Rest rest, String kernel, String what) {
    return rest.post("/api/kernels/" + kernel + "/" + what, Rest.JSON.nullNode()).status();
  }

  private void kill(Fault fault, String kernel) {
    Kubectl kubectl = gateway.kubectl();
    switch (fault) {
      case GATEWAY -> {
        kubectl.run(
            "delete",
            "pod",
            "--selector=app.kubernetes.io/component=gateway",
            "--force",
            "--grace-period=0");
        kubectl.run("rollout", "status", "deploy/gateway", "--timeout=110s");
        gateway.forward();
      }
      case OPERATOR ->
          Kubectl.in("elastic-jupyter")
              .run("delete", "pod", "--all", "--force", "--grace-period=0", "--wait=false");
      case POD ->
          kubectl.attempt(
              "",
              "delete",
              ClusterGateway.pod(kernel),
              "--force",
              "--grace-period=0",
              "--ignore-not-found",
              "--wait=false");
    }
  }
}
