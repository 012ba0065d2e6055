// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Messages for tests. */
public final class Messages {

  private Messages() {}

  /** An iopub stream message with that text. */
  public static JupyterMessage stream(String text) {
    return of(Channel.IOPUB, "stream", "{\"name\":\"stdout\",\"text\":\"" + text + "\"}");
  }

  public static JupyterMessage of(Channel channel, String type, String content, byte[]... buffers) {
    String header =
        "{\"msg_id\":\"m-%s\",\"msg_type\":\"%s\",\"session\":\"k\",\"username\":\"\",\"date\":\"\",\"version\":\"5.4\"}"
            .formatted(content.length(), type);
    return new JupyterMessage(
        channel, bytes(header), bytes("{}"), bytes("{}"), bytes(content), List.of(buffers));
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
