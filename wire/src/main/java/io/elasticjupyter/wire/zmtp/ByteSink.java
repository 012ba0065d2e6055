// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import java.io.IOException;

/** Where bytes to send go: a channel, or an array in a test. */
@FunctionalInterface
interface ByteSink {

  /** Blocks until all of the bytes are taken. */
  void write(byte[] source, int offset, int length) throws IOException;
}
