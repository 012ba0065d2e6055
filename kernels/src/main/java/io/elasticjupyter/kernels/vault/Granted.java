// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import java.io.IOException;

/** What a token is good for. Called by one thread per request. */
interface Granted {

  /**
   * Answers a request of a kernel.
   *
   * @throws IOException if the connection breaks
   */
  void answer(KernelRequest request) throws IOException;
}
