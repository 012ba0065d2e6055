// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Delivers bytes in given pieces, as a network may, and notes how much each read asked for. */
final class PieceSource implements ByteSource {

  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
  private final List<Integer> asked = new ArrayList<>();
  private int position;

  PieceSource(List<byte[]> pieces) {
    pieces.stream().filter(piece -> piece.length > 0).forEach(this.pieces::add);
  }

  PieceSource(byte[]... pieces) {
    this(List.of(pieces));
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    asked.add(length);
    byte[] piece = pieces.peek();
    if (piece == null) {
      return -1;
    }
    int count = Math.min(length, piece.length - position);
    System.arraycopy(piece, position, target, offset, count);
    position += count;
    if (position == piece.length) {
      pieces.remove();
      position = 0;
    }
    return count;
  }

  /** The sizes of the reads so far. */
  List<Integer> asked() {
    return asked;
  }
}
