// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire;

import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.util.List;

/** Random messages, and when two of them are the same. */
public final class RandomMessages {

  private static final int DEPTH = 4;
  private static final int MOST_BUFFERS = 3;
  private static final int LARGEST_BUFFER = 50;

  private final SeededRandom random;
  private final RandomJson json;

  public RandomMessages(SeededRandom random) {
    this.random = random;
    this.json = new RandomJson(random);
  }

  /** A message of JSON objects and buffers. */
  public JupyterMessage next() {
    return new JupyterMessage(
        random.oneOf(List.of(Channel.values())),
        json.object(DEPTH),
        json.object(DEPTH),
        json.object(DEPTH),
        json.object(DEPTH),
        random.percent(50)
            ? List.of()
            : random.listOf(MOST_BUFFERS, () -> random.bytes(LARGEST_BUFFER)));
  }

  /** All parts, one byte a character, so that a difference can be read. */
  public static String describe(JupyterMessage message) {
    StringBuilder text = new StringBuilder(message.channel().wireName());
    for (int i = 0; i < message.partCount(); i++) {
      text.append('\n');
      for (byte part : message.part(i)) {
        text.append((char) (part & 0xFF));
      }
    }
    return text.toString();
  }
}
