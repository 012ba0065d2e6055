// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A connection's bytes after a protocol switch. One thread may read while another writes; any
 * thread may close.
 */
public interface ByteStream extends AutoCloseable {

  /** What {@link #read} answers at the end of the stream. */
  int END = -1;

  /**
   * Reads at least one byte into {@code into}, from its position on; blocks.
   *
   * @return how many, 0 where none came within {@code timeout}, {@link #END} at the end
   */
  int read(ByteBuffer into, Duration timeout) throws IOException;

  /** Writes all of {@code from}; blocks while the peer does not take it. */
  void write(ByteBuffer from) throws IOException;

  /** Ends the connection and wakes who reads or writes. Idempotent. */
  @Override
  void close();
}
