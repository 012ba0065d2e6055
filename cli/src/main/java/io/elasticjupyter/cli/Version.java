// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import java.util.Objects;

/** The version of these programs, as the build wrote it into the jar. */
final class Version {

  private Version() {}

  static String text() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "development");
  }
}
