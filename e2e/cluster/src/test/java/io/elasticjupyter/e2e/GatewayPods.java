// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** The Pods of a JupyterGateway with several replicas: ways to each, and what can befall them. */
final class GatewayPods implements AutoCloseable {

  private static final String SELECTOR = "app.kubernetes.io/component=gateway";

  private final ClusterGateway gateway;
  private final int count;
  private final Map<String, PortForward> ports = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * @param count how many there are to be
   */
  GatewayPods(ClusterGateway gateway, int count) {
    this.gateway = gateway;
    this.count = count;
  }

  /** Waits until all are ready. */
  void awaitAll() {
    gateway.kubectl().run("rollout", "status", "deploy/gateway", "--timeout=110s");
    Awaitility.await("all replicas")
        .atMost(Duration.ofSeconds(60))
        .until(() -> ready().size() == count);
  }

  /** The names of those that are ready and do not end. */
  List<String> ready() {
    List<String> names = new ArrayList<>();
    for (JsonNode pod : gateway.kubectl().list("pods", "-l", SELECTOR)) {
      boolean ready = false;
      for (JsonNode condition : pod.at("/status/conditions")) {
        ready |=
            condition.path("type").asText().equals("Ready")
                && condition.path("status").asText().equals("True");
      }
      if (ready && pod.at("/metadata/deletionTimestamp").isMissingNode()) {
        names.add(pod.at("/metadata/name").asText());
      }
    }
    return names;
  }

  /** Each that is ready, by a port to its Pod. */
  List<Rest> all() {
    return ready().stream().map(this::at).toList();
  }

  private Rest at(String pod) {
    PortForward port =
        ports.computeIfAbsent(pod, name -> PortForward.to(gateway.kubectl(), "pod/" + name, 8888));
    return new Rest(port.url(), gateway.rest().token());
  }

  /** One after the other, as a Service lets its clients come to any that is ready. */
  Rest any() {
    List<String> pods = ready();
    if (pods.isEmpty()) {
      throw new IllegalStateException("no gateway is ready");
    }
    return at(pods.get(turn.getAndIncrement() % pods.size()));
  }

  /** Replaces all of them. */
  void roll() {
    gateway.kubectl().run("rollout", "restart", "deploy/gateway");
  }

  void delete(String pod, String... how) {
    List<String> command = new ArrayList<>(List.of("delete", "pod", pod, "--wait=false"));
    command.addAll(List.of(how));
    gateway.kubectl().run(command.toArray(String[]::new));
  }

  /** Kills its process, as for want of memory: its container is started again, in the same Pod. */
  void kill(String pod) {
    ProcessHandle process = processOf(pod);
    assertThat(process.destroyForcibly()).isTrue();
    Awaitility.await("its end").atMost(Duration.ofSeconds(10)).until(() -> !process.isAlive());
  }

  /** Stops its process for a while, as a frozen machine is. */
  void freeze(String pod, Duration time) {
    long process = processOf(pod).pid();
    signal("STOP", process);
    try {
      LockSupport.parkNanos(time.toNanos());
    } finally {
      signal("CONT", process);
    }
  }

  private static void signal(String name, long process) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, String.valueOf(process))
              .inheritIO()
              .start()
              .waitFor();
      assertThat(code).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The cluster's processes are this machine's, in namespaces of their own. */
  private static ProcessHandle processOf(String pod) {
    String wanted = "ELASTIC_JUPYTER_POD_NAME=" + pod;
    return ProcessHandle.allProcesses()
        .filter(process -> environment(process).contains(wanted))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no process of Pod " + pod));
  }

  private static List<String> environment(ProcessHandle process) {
    try {
      String all =
          Files.readString(
              Path.of("/proc", String.valueOf(process.pid()), "environ"),
              StandardCharsets.ISO_8859_1);
      return List.of(all.split("\0"));
    } catch (IOException ended) {
      return List.of();
    }
  }

  @Override
  public void close() {
    ports.values().forEach(PortForward::close);
  }
}
