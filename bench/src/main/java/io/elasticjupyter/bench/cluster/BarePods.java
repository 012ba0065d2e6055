// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.load.Tally;
import io.elasticjupyter.bench.load.ZeroMqLink;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The floor: a Pod and its connection file made by hand, and ZeroMQ straight to it. */
final class BarePods implements KernelSource {
  private static final System.Logger LOG = System.getLogger(BarePods.class.getName());
  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final Duration GOING = Duration.ofSeconds(1);
  private static final String FOLDER = "/var/run/bench";
  private static final int SHELL_PORT = 52317;
  private static final int OUTPUT_PORT = 52318;

  private final KubernetesClient client;
  private final String namespace;
  private final String image;
  private final Map<String, Quantity> limits;
  private final PodWatch pods;

  /**
   * @param limits of each Pod's container
   */
  BarePods(
      KubernetesClient client,
      String namespace,
      String image,
      Map<String, Quantity> limits,
      PodWatch pods) {
    this.client = client;
    this.namespace = namespace;
    this.image = image;
    this.limits = limits;
    this.pods = pods;
  }

  @Override
  public StartedKernel start() {
    String name = "bare-" + UUID.randomUUID();
    String key = UUID.randomUUID().toString();
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(Map.of("connection.json", connectionFile(key)))
                .build())
        .create();
    client.resource(pod(name)).create();
    return new Bare(this, name, key);
  }

  private static String connectionFile(String key) {
    return """
    {"transport": "tcp", "ip": "0.0.0.0", "key": "%s", "signature_scheme": "hmac-sha256",
     "shell_port": %d, "iopub_port": %d, "stdin_port": 52319, "control_port": 52320, "hb_port": 52321}
    """
        .formatted(key, SHELL_PORT, OUTPUT_PORT);
  }

  private Pod pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withEnableServiceLinks(false)
        .withAutomountServiceAccountToken(false)
        .withTerminationGracePeriodSeconds(1L)
        .addNewContainer()
        .withName("kernel")
        .withImage(image)
        .withCommand("python3", "-m", "ipykernel_launcher", "-f", FOLDER + "/connection.json")
        .withNewResources()
        .withLimits(limits)
        .endResources()
        .addNewVolumeMount()
        .withName("connection")
        .withMountPath(FOLDER)
        .withReadOnly(true)
        .endVolumeMount()
        .endContainer()
        .addNewVolume()
        .withName("connection")
        .withNewSecret()
        .withSecretName(name)
        .endSecret()
        .endVolume()
        .endSpec()
        .build();
  }

  private record Bare(BarePods source, String pod, String key) implements StartedKernel {
    @Override
    public KernelLink connect(String session) throws IOException {
      return link(session);
    }

    private ZeroMqLink link(String session) throws IOException {
      String address =
          source
              .pods
              .await(pod, seen -> address(seen).isPresent(), START_LIMIT)
              .flatMap(seen -> address(Optional.of(seen)))
              .orElseThrow();
      return ZeroMqLink.open(session, key, InetAddress.ofLiteral(address), SHELL_PORT, OUTPUT_PORT);
    }

    private static Optional<String> address(Optional<Pod> pod) {
      return pod.map(Pod::getStatus).map(status -> status.getPodIP());
    }

    /** Its process ends by itself at once, since as the first of its Pod it takes no SIGTERM. */
    @Override
    public void idleLimitIsOver() throws IOException {
      client().pods().inNamespace(source.namespace).withName(pod).withGracePeriod(1).delete();
      try (ZeroMqLink link = link("end")) {
        link.collect(new Tally(link.execute("import os; os._exit(0)")), GOING);
      } catch (EOFException gone) {
        LOG.log(Level.DEBUG, "event=bare-kernel-gone pod={0}", pod);
      }
    }

    @Override
    public void stop() throws IOException {
      idleLimitIsOver();
      client().secrets().inNamespace(source.namespace).withName(pod).delete();
    }

    private KubernetesClient client() {
      return source.client;
    }
  }

  @Override
  public void close() {}
}
