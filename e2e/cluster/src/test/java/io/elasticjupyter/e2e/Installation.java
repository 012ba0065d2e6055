// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

/** What an administrator applies once, with the one command of the documentation. */
final class Installation {

  private Installation() {}

  /** Installs it, or changes nothing where it is installed. */
  static void apply() {
    Kubectl.in("elastic-jupyter")
        .run("apply", "--server-side", "--force-conflicts", "-f", "deploy/install.yaml");
  }
}
