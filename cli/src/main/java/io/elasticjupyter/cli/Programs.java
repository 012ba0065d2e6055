// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import java.util.List;

/** Every program there is. */
final class Programs {

  private Programs() {}

  static List<Program> all() {
    return List.of();
  }
}
