// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import io.elasticjupyter.testkit.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** What an administrator applies once, with the one command of the documentation. */
final class Installation {

  private static final String IMAGE = "localhost/elastic-jupyter:";

  private Installation() {}

  /** Installs it, or changes nothing where it is installed. */
  static void apply() {
    apply("dev");
  }

  /**
   * Installs it with our programs of another version.
   *
   * @param tag of their image
   */
  static void apply(String tag) {
    String manifests;
    try {
      manifests = Files.readString(ProjectRoot.path().resolve("deploy/install.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Kubectl.in("elastic-jupyter")
        .attempt(
            manifests.replace(IMAGE + "dev", IMAGE + tag),
            "apply",
            "--server-side",
            "--force-conflicts",
            "-f",
            "-")
        .orFail();
  }
}
