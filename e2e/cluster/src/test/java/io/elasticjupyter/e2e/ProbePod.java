// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/** A Pod of nobody's, from which a test looks what can be reached. It listens on a port itself. */
final class ProbePod {

  static final int LISTENS_ON = 52317;

  private static final int REFUSED = 3;
  private static final String REACH =
      """
      import socket, sys
      try:
          socket.create_connection((sys.argv[1], int(sys.argv[2])), 2).close()
      except OSError:
          sys.exit(%d)
      """
          .formatted(REFUSED);

  private final Kubectl kubectl;
  private final String name;

  private ProbePod(Kubectl kubectl, String name) {
    this.kubectl = kubectl;
    this.name = name;
  }

  /**
   * Starts one in the namespace.
   *
   * @param labels as {@code kubectl run --labels} takes them
   */
  static ProbePod start(Kubectl kubectl, String name, String labels) {
    kubectl.run(
        "run",
        name,
        "--image=localhost/elastic-jupyter-kernel-python:dev",
        "--image-pull-policy=Never",
        "--labels=" + labels,
        "--command",
        "--",
        "python3",
        "-m",
        "http.server",
        String.valueOf(LISTENS_ON));
    kubectl.run("wait", "pod/" + name, "--for=condition=Ready", "--timeout=60s");
    return new ProbePod(kubectl, name);
  }

  String address() {
    return kubectl.get("pod/" + name).at("/status/podIP").asText();
  }

  /** Whether a connection is taken within two seconds. */
  boolean reaches(String address, int port) {
    Kubectl.Said said =
        kubectl.attempt(
            "", "exec", name, "--", "python3", "-c", REACH, address, String.valueOf(port));
    assertThat(said.code()).as("%s to %s: %s", name, address, said.text()).isIn(0, REFUSED);
    return said.code() == 0;
  }
}
