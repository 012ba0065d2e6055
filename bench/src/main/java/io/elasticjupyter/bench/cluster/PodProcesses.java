// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import io.elasticjupyter.bench.contender.GatewayProcess;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The processes of a Pod whose node is this machine, found by their control group.
 *
 * @param processes all but the one that holds the Pod's namespaces
 */
record PodProcesses(List<GatewayProcess> processes) {

  static PodProcesses of(Pod pod) throws IOException {
    String uid = pod.getMetadata().getUid();
    List<GatewayProcess> found = new ArrayList<>();
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      if (isOf(process.pid(), uid)) {
        found.add(new GatewayProcess(process.pid()));
      }
    }
    if (found.isEmpty()) {
      throw new IOException(
          "Pod %s does not run on this machine".formatted(pod.getMetadata().getName()));
    }
    return new PodProcesses(List.copyOf(found));
  }

  private static boolean isOf(long pid, String uid) {
    try {
      String groups = Files.readString(Path.of("/proc", Long.toString(pid), "cgroup"));
      String command = Files.readString(Path.of("/proc", Long.toString(pid), "comm"));
      // The systemd driver writes underscores.
      return (groups.contains(uid) || groups.contains(uid.replace('-', '_')))
          && !command.strip().equals("pause");
    } catch (IOException ended) {
      return false;
    }
  }

  /** Proportional set size in bytes, of all together. */
  long proportional() throws IOException {
    long sum = 0;
    for (GatewayProcess process : processes) {
      sum += process.proportional();
    }
    return sum;
  }

  /** Processor time that all have used so far. */
  Duration processorTime() {
    return processes.stream()
        .map(GatewayProcess::processorTime)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** When the first of them was started, to a hundredth of a second. */
  Instant started() throws IOException {
    return processes.stream()
        .flatMap(process -> ProcessHandle.of(process.pid()).stream())
        .flatMap(process -> process.info().startInstant().stream())
        .min(Comparator.naturalOrder())
        .orElseThrow(() -> new IOException("no process of the Pod is left"));
  }
}
