// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import java.io.IOException;

/** Where received bytes come from: a channel, or an array in a test. */
@FunctionalInterface
interface ByteSource {

  /** Blocks for at least one byte. Returns how many were stored, or -1 at the end. */
  int read(byte[] target, int offset, int length) throws IOException;
}
