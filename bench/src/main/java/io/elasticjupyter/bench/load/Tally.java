// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.BitSet;

/**
 * Counts what one execute request brought: which numbered outputs came, how often, in which order,
 * and when. Not thread-safe.
 */
public final class Tally {
  private static final byte[] STREAM = "stream".getBytes(US_ASCII);
  private static final byte[] STATUS = "status".getBytes(US_ASCII);
  private static final byte[] EXECUTE_REPLY = "execute_reply".getBytes(US_ASCII);
  private static final byte[] IDLE = "\"idle\"".getBytes(US_ASCII);
  private static final byte[] LINE_END = "\\n".getBytes(US_ASCII);
  private static final int MARKER = 99_999_999;
  private static final int NUMBER_DIGITS = 8;
  private static final int CLOCK_DIGITS = 20;

  private final byte[] messageId;
  private final BitSet seen = new BitSet();
  private int highest = -1;
  private long lines;
  private long outputBytes;
  private int repeated;
  private int disordered;
  private long startNanos;
  private long lastNanos;
  private boolean idle;
  private boolean replied;

  /**
   * Starts a count.
   *
   * @param messageId of the request whose reply and idle status end the count
   */
  public Tally(String messageId) {
    // With the closing quote, so that request 1 is not taken for request 10.
    this.messageId = (messageId + '"').getBytes(US_ASCII);
  }

  void accept(MessageView message) {
    if (message.typeIs(STREAM)) {
      output(message);
    } else if (message.typeIs(STATUS)) {
      idle |= message.contentContains(IDLE) && message.parentContains(messageId);
    } else if (message.typeIs(EXECUTE_REPLY)) {
      replied |= message.parentContains(messageId);
    }
  }

  private void output(MessageView message) {
    int number = message.textNumber();
    if (number == MARKER) {
      startNanos = message.textDigits(NUMBER_DIGITS, CLOCK_DIGITS);
      return;
    }
    lastNanos = System.nanoTime();
    outputBytes += message.contentLength();
    if (number >= 0 && seen.get(number)) {
      repeated++;
      return;
    }
    // ipykernel may cut its output between a line and its end, so not every output has a number.
    lines += message.countInContent(LINE_END);
    if (number >= 0) {
      seen.set(number);
      if (number < highest) {
        disordered++;
      }
      highest = Math.max(highest, number);
    }
  }

  /** Different numbers that came. */
  public int distinct() {
    return seen.cardinality();
  }

  /** Line ends in the outputs, for kernels that join several prints into one message. */
  public long lines() {
    return lines;
  }

  public long outputBytes() {
    return outputBytes;
  }

  public int repeated() {
    return repeated;
  }

  public int disordered() {
    return disordered;
  }

  /**
   * Seconds from the moment at which the kernel began a flood until its last output came. Both
   * processes read the monotonic clock of the machine, so a gateway that holds the first outputs
   * back gains nothing.
   */
  public double outputSeconds() {
    return (lastNanos - startNanos) / 1e9;
  }

  public boolean idle() {
    return idle;
  }

  public boolean replied() {
    return replied;
  }

  /** Both the reply and the idle status are there: what a client waits for before its next cell. */
  public boolean done() {
    return idle && replied;
  }
}
