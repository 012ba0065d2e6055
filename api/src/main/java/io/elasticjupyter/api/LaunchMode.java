// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;

/** Who decides where a kernel listens. */
public enum LaunchMode {

  /** The operator: the kernel reads a connection file, and listens where that says. */
  @JsonProperty("Direct")
  DIRECT,

  /** The kernel's launcher, which picks ports and a key and calls the gateway. */
  @JsonProperty("Callback")
  CALLBACK;

  private static final List<String> LAUNCHERS_BESIDE_THE_GATEWAY =
      List.of("kubeflow-launcher", "launch_kubernetes.py", "launch_custom_resource.py");

  /**
   * That of a kernelspec: the one that it names, else read off its command. A command with {@code
   * {connection_file}} is direct also where it names a response address.
   */
  public static LaunchMode of(JupyterKernelSpecSpec spec) {
    if (spec.launchMode() != null) {
      return spec.launchMode();
    }
    List<String> command = Objects.requireNonNullElse(spec.command(), List.of());
    if (command.stream().anyMatch(word -> word.contains("{connection_file}"))) {
      return DIRECT;
    }
    boolean calls =
        command.stream()
            .anyMatch(word -> word.contains("{response_address}") || word.contains("{public_key}"));
    return calls || isOfLauncherBesideTheGateway(command) ? CALLBACK : DIRECT;
  }

  /**
   * Whether an Enterprise Gateway runs this command in its own container, where it makes a Pod
   * whose image starts the kernel by itself.
   */
  public static boolean isOfLauncherBesideTheGateway(List<String> command) {
    return command.stream()
        .map(word -> word.substring(word.lastIndexOf('/') + 1))
        .anyMatch(LAUNCHERS_BESIDE_THE_GATEWAY::contains);
  }
}
