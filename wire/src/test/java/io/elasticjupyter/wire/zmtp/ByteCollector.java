// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is written, and notes each write. */
final class ByteCollector implements ByteSink {

  /** One call: from which array, how much. */
  record Write(byte[] source, int length) {}

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Write> writes = new ArrayList<>();

  @Override
  public void write(byte[] source, int offset, int length) {
    bytes.write(source, offset, length);
    writes.add(new Write(source, length));
  }

  List<Write> writes() {
    return writes;
  }

  byte[] toArray() {
    return bytes.toByteArray();
  }
}
