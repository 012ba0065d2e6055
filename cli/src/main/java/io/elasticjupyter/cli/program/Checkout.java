// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.program;

import java.nio.file.Path;

/** The checkout that the programs run from; {@code ./elastic-jupyter} tells where it is. */
public final class Checkout {

  private static final String PROPERTY = "elastic.root";

  private Checkout() {}

  /** Its folder. */
  public static Path root() throws ProgramFailure {
    String root = System.getProperty(PROPERTY, "");
    if (root.isEmpty()) {
      throw new ProgramFailure(
          "the system property %s must name the checkout; ./elastic-jupyter sets it"
              .formatted(PROPERTY));
    }
    return Path.of(root);
  }
}
