// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessagesTest {

  private static final byte[] PARENT =
      "{\"msg_id\":\"p\",\"msg_type\":\"execute_request\",\"session\":\"client\"}".getBytes(UTF_8);

  private final Messages messages =
      new Messages(
          () -> "id-1",
          InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z")),
          "session-1",
          "gateway");

  @Test
  void everyMessageHasAWholeHeader() throws MessageException {
    JupyterMessage status = messages.status("busy", PARENT);
    assertThat(MessageHeader.parse(status.header()))
        .isEqualTo(
            new MessageHeader(
                "id-1", "status", "session-1", "gateway", "2026-11-24T10:00:00.000000Z", "5.4"));
    assertThat(status.channel()).isEqualTo(Channel.IOPUB);
    assertThat(status.parentHeader()).isEqualTo(PARENT);
    assertThat(text(status.metadata())).isEqualTo("{}");
    assertThat(status.buffers()).isEmpty();
  }

  @Test
  void tellsStateTextAndErrors() throws IOException {
    assertThat(text(messages.status("idle", Messages.NO_PARENT).content()))
        .isEqualTo("{\"execution_state\":\"idle\"}");
    assertThat(text(messages.stream("stderr", "ä\n\"", PARENT).content()))
        .isEqualTo("{\"name\":\"stderr\",\"text\":\"ä\\n\\\"\"}");
    assertThat(text(messages.error("Gone", "why", List.of("a", "b"), PARENT).content()))
        .isEqualTo("{\"ename\":\"Gone\",\"evalue\":\"why\",\"traceback\":[\"a\",\"b\"]}");
  }

  @Test
  void answersAnyRequestWithItsReplyOnItsChannel() throws IOException, MessageException {
    JupyterMessage request =
        new JupyterMessage(
            Channel.CONTROL, PARENT, bytes("{}"), bytes("{}"), bytes("{}"), List.of());
    JupyterMessage reply = messages.errorReply(request, "Gone", "why", List.of());
    assertThat(reply.channel()).isEqualTo(Channel.CONTROL);
    assertThat(MessageHeader.parse(reply.header()).msgType()).isEqualTo("execute_reply");
    assertThat(reply.parentHeader()).isEqualTo(PARENT);
    JsonNode content = new JsonMapper().readTree(reply.content());
    assertThat(content.path("status").textValue()).isEqualTo("error");
    assertThat(content.path("ename").textValue()).isEqualTo("Gone");
    assertThat(content.path("traceback").isArray()).isTrue();
    assertThat(content.path("execution_count").isInt()).isTrue();
  }

  @Test
  void asksKernels() throws MessageException {
    assertThat(type(messages.kernelInfoRequest(Channel.SHELL))).isEqualTo("kernel_info_request");
    assertThat(messages.kernelInfoRequest(Channel.CONTROL).channel()).isEqualTo(Channel.CONTROL);
    JupyterMessage shutdown = messages.shutdownRequest(true);
    assertThat(type(shutdown)).isEqualTo("shutdown_request");
    assertThat(text(shutdown.content())).isEqualTo("{\"restart\":true}");
    assertThat(shutdown.channel()).isEqualTo(Channel.CONTROL);
    assertThat(type(messages.interruptRequest())).isEqualTo("interrupt_request");
  }

  private static String type(JupyterMessage message) throws MessageException {
    return MessageHeader.parse(message.header()).msgType();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
