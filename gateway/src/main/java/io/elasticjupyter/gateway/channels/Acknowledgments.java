// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.channels;

import io.elasticjupyter.kernels.Attachment;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * What the client is known to have. The writing loop notes what it sent, the reading loop what came
 * back. A client that never answers a ping cannot be asked, so what was written to it counts as
 * received. Safe for both loops.
 */
final class Acknowledgments {

  /** A client that answered no ping within this time never will. */
  private static final long MUTE_NANOS = Duration.ofSeconds(10).toNanos();

  private final Attachment attachment;
  private volatile long written;
  private volatile long firstPing;
  private volatile boolean answers;

  Acknowledgments(Attachment attachment) {
    this.attachment = attachment;
  }

  /** A ping goes out. */
  void pinged() {
    if (firstPing == 0) {
      firstPing = System.nanoTime();
    }
  }

  /** Everything up to {@code sequence} is in the client's connection. */
  void written(long sequence) {
    // A notice of the gateway's own bears a sequence that has been written before.
    written = Math.max(written, sequence);
    if (!answers && mute()) {
      attachment.acknowledge(written);
    }
  }

  /** The highest sequence that was written, for a ping in between. */
  long written() {
    return written;
  }

  /** The client sent a pong. One that is not an answer to ours is allowed and means nothing. */
  void answered(byte[] payload) {
    if (payload.length != Long.BYTES) {
      return;
    }
    answers = true;
    long sequence = ByteBuffer.wrap(payload).getLong();
    if (sequence > 0 && sequence <= written) {
      attachment.acknowledge(sequence);
    }
  }

  /** The connection is over. */
  void settle() {
    if (!answers && mute()) {
      attachment.acknowledge(written);
    }
  }

  private boolean mute() {
    return firstPing != 0 && System.nanoTime() - firstPing > MUTE_NANOS;
  }
}
