// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** The operator as it is installed. */
record OperatorPod(KubernetesClient client) {
  private static final String NAMESPACE = "elastic-jupyter";
  private static final String NAME = "elastic-jupyter-operator";
  private static final Pattern COMPLAINT = Pattern.compile(" (WARN|ERROR) ");
  private static final String READY = "The operator reconciles";

  /** The one Pod of it. */
  Pod pod() throws IOException {
    return client
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("app.kubernetes.io/name", NAME)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .findFirst()
        .orElseThrow(() -> new IOException("no operator in namespace " + NAMESPACE));
  }

  /** How many warnings and errors it has written since then. */
  int complaintsSince(Instant since) throws IOException {
    String log =
        client
            .pods()
            .inNamespace(NAMESPACE)
            .withName(pod().getMetadata().getName())
            .sinceTime(since.toString())
            .getLog();
    return Math.toIntExact(log.lines().filter(line -> COMPLAINT.matcher(line).find()).count());
  }

  /** When it said that it works. */
  Optional<Instant> readyAt() throws IOException {
    String log =
        client
            .pods()
            .inNamespace(NAMESPACE)
            .withName(pod().getMetadata().getName())
            .usingTimestamps()
            .getLog();
    return log.lines()
        .filter(line -> line.contains(READY))
        .findFirst()
        .map(line -> Instant.parse(line.substring(0, line.indexOf(' '))));
  }
}
