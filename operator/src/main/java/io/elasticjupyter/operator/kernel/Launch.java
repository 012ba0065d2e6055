// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

/** How a kernel's container learns where to listen. */
sealed interface Launch {

  /** It reads a connection file. */
  record Direct() implements Launch {}

  /**
   * Its launcher picks ports and tells the gateway.
   *
   * @param responseAddress where the gateway listens, {@code host:port}
   * @param publicKey what the launcher encrypts its answer for
   */
  record Callback(String responseAddress, String publicKey) implements Launch {}
}
