// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import org.jspecify.annotations.Nullable;

/**
 * What a kernel has published about a cell whose reply has not come: enough to give the reply in
 * its place, where the connection that it was sent to is gone.
 *
 * @param count its number; 0 where that is not known
 * @param error content of its error; null where it had none
 * @param idle whether the kernel is done with it
 */
record CellOutcome(int count, byte @Nullable [] error, boolean idle) {

  static final CellOutcome NOTHING = new CellOutcome(0, null, false);

  CellOutcome counted(int number) {
    return new CellOutcome(number, error, idle);
  }

  CellOutcome failed(byte[] content) {
    return new CellOutcome(count, content, idle);
  }

  CellOutcome done() {
    return new CellOutcome(count, error, true);
  }
}
