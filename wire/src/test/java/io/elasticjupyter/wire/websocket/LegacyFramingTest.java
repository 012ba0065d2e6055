// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.Golden;
import io.elasticjupyter.wire.RandomMessages;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LegacyFramingTest {

  private static final LegacyFraming LEGACY = new LegacyFraming();
  private static final JsonMapper MAPPER = new JsonMapper();

  @Test
  void readsTheFramesOfJupyterServer() throws IOException, FramingException {
    for (JsonNode golden : Golden.cases("legacy-frames")) {
      JupyterMessage message = decode(theirs(golden));
      assertThat(message.channel().wireName()).isEqualTo(golden.path("channel").textValue());
      assertThat(MAPPER.readTree(message.header())).isEqualTo(golden.path("header"));
      assertThat(MAPPER.readTree(message.parentHeader())).isEqualTo(golden.path("parent_header"));
      assertThat(MAPPER.readTree(message.metadata())).isEqualTo(golden.path("metadata"));
      assertThat(MAPPER.readTree(message.content())).isEqualTo(golden.path("content"));
      assertThat(message.buffers())
          .containsExactlyElementsOf(Golden.allBytes(golden.path("buffers")));
    }
  }

  @Test
  void writesWhatJupyterServerWrites() throws IOException, FramingException {
    for (JsonNode golden : Golden.cases("legacy-frames")) {
      byte[] theirs = Golden.bytes(golden.path("frame"));
      switch (LEGACY.encode(decode(theirs(golden)))) {
        case WebSocketFrame.Text text -> {
          assertThat(MAPPER.readTree(text.utf8())).isEqualTo(MAPPER.readTree(theirs));
        }
        case WebSocketFrame.Binary binary ->
            assertThat(json(binary.bytes())).isEqualTo(json(ByteBuffer.wrap(theirs)));
      }
    }
  }

  @Test
  void decodesWhatItEncodedByteForByte() {
    SeededRandom.check(
        2_000,
        random -> {
          JupyterMessage message = new RandomMessages(random).next();
          JupyterMessage decoded = decode(LEGACY.encode(message));
          assertThat(RandomMessages.describe(decoded)).isEqualTo(RandomMessages.describe(message));
        });
  }

  @Test
  void keepsThePartsAsTheyAreSpelled() throws FramingException {
    String content =
        "{ \"n\":1.0e+05 , \"big\": 123456789012345678901234567890, \"s\":\"\\u00e4\\/ä\" }";
    JupyterMessage message =
        text("{\"content\":\n" + content + ",\"header\" : {\"a\" :1}\n,\"channel\":\"stdin\"}");
    assertThat(new String(message.content(), UTF_8)).isEqualTo(content);
    assertThat(new String(message.header(), UTF_8)).isEqualTo("{\"a\" :1}");
    assertThat(message.channel()).isEqualTo(Channel.STDIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"header\": {}}",
        "{\"header\": {}, \"channel\": null, \"parent_header\": null, \"metadata\": null}",
        "{\"header\": {}, \"content\": null, \"buffers\": null, \"unknown\": [1]}",
        "{\"header\": {}, \"buffers\": [ ], \"msg_id\": 5, \"msg_type\": {}}"
      })
  void whatIsMissingIsEmptyAndTheChannelShell(String json) throws FramingException {
    JupyterMessage message = text(json);
    assertThat(message.channel()).isEqualTo(Channel.SHELL);
    byte[] object = "{}".getBytes(UTF_8);
    assertThat(List.of(message.parentHeader(), message.metadata(), message.content()))
        .containsOnly(object);
    assertThat(message.buffers()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | missing-header",
        "{\"header\": null} | missing-header",
        "{\"header\": [] } | bad-field",
        "{\"header\": \"{}\"} | bad-field",
        "{\"header\": {}, \"content\": 1} | bad-field",
        "{\"header\": {}, \"channel\": 1} | bad-field",
        "{\"header\": {}, \"channel\": [\"shell\"]} | bad-field",
        "{\"header\": {}, \"channel\": \"hb\"} | unknown-channel",
        "{\"header\": {}, \"channel\": \"\"} | unknown-channel",
        "{\"header\": {}, \"channel\": \"SHELL\"} | unknown-channel",
        "{\"header\": {}, \"buffers\": [1]} | bad-field",
        "{\"header\": {}, \"buffers\": {}} | bad-field",
        "{\"header\": {}, \"header\": {}} | duplicate-field",
        "{\"header\": {}, \"hea\\u0064er\": {}} | duplicate-field",
        "{\"header\": null, \"header\": {}} | duplicate-field",
        "{\"header\": {}, \"channel\": null, \"channel\": \"shell\"} | duplicate-field",
        "{\"header\": {}} x | invalid-json",
        "{\"header\": {}}{} | invalid-json",
        "{\"header\": {} | invalid-json",
        "'' | invalid-json",
        "[] | unexpected-json-type",
        "null | unexpected-json-type"
      })
  void saysWhatIsWrong(String json, String code) {
    assertThatThrownBy(() -> text(json))
        .isInstanceOfSatisfying(FramingException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void isNotFooledByNamesInsideStringsAndObjects() throws FramingException {
    JupyterMessage message =
        text(
            "{\"metadata\": {\"header\": {\"x\": 1}, \"channel\": \"stdin\"},"
                + " \"x\": \"\\\"header\\\": {}\", \"header\": {\"real\": 1}}");
    assertThat(new String(message.header(), UTF_8)).isEqualTo("{\"real\": 1}");
    assertThat(message.channel()).isEqualTo(Channel.SHELL);
  }

  @Test
  void deepNestingIsRefusedBeforeTheStackEnds() {
    String deep = "[".repeat(1_000_000);
    assertThatThrownBy(() -> text("{\"header\": {}, \"content\": {\"a\":" + deep + "}}"))
        .isInstanceOfSatisfying(
            FramingException.class, e -> assertThat(e.code()).isEqualTo("json-too-deep"));
  }

  @Test
  void textThatIsNoUtf8IsRefused() {
    byte[] json = "{\"header\": {\"a\": \"?\"}}".getBytes(UTF_8);
    json[18] = (byte) 0xE4;
    assertThatThrownBy(() -> LEGACY.decodeText(json))
        .isInstanceOfSatisfying(
            FramingException.class, e -> assertThat(e.code()).isEqualTo("invalid-utf8"));
  }

  /** A text frame that is no UTF-8 makes a browser close the websocket. */
  @Test
  void bytesOfAKernelThatAreNoUtf8BecomeReplacementCharacters() throws IOException {
    byte[] content = "{\"text\": \"a?b\"}".getBytes(UTF_8);
    content[11] = (byte) 0xE4;
    JsonNode written = MAPPER.readTree(encodedText(message("{}", content)));
    assertThat(written.path("content").path("text").textValue()).isEqualTo("a\ufffdb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{", "{}, \"channel\": \"shell\"", "\"x\""})
  void aPartOfAKernelThatIsNoObjectIsWrittenAsAnEmptyOne(String part) throws IOException {
    JsonNode written = MAPPER.readTree(encodedText(message(part, part.getBytes(UTF_8))));
    assertThat(written.path("content")).isEqualTo(MAPPER.createObjectNode());
    assertThat(written.path("header")).isEqualTo(MAPPER.createObjectNode());
    assertThat(written.path("msg_id").textValue()).isEmpty();
    assertThat(written.path("channel").textValue()).isEqualTo("iopub");
  }

  @Test
  void repeatsIdAndTypeAsTheHeaderSpellsThem() {
    String header = "{\"msg_id\":\"\\u0061\\\"\",\"x\":{\"msg_type\":\"no\"},\"msg_type\":\"t\"}";
    assertThat(new String(encodedText(message(header, "{}".getBytes(UTF_8))), UTF_8))
        .isEqualTo(
            "{\"header\":"
                + header
                + ",\"msg_id\":\"\\u0061\\\"\",\"msg_type\":\"t\",\"parent_header\":{},"
                + "\"metadata\":{},\"content\":{},\"buffers\":[],\"channel\":\"iopub\"}");
  }

  private static JupyterMessage text(String json) throws FramingException {
    return LEGACY.decodeText(json.getBytes(UTF_8));
  }

  private static JupyterMessage message(String header, byte[] content) {
    byte[] object = "{}".getBytes(UTF_8);
    return new JupyterMessage(
        Channel.IOPUB, header.getBytes(UTF_8), object, object, content, List.of());
  }

  private static JupyterMessage decode(WebSocketFrame frame) throws FramingException {
    return switch (frame) {
      case WebSocketFrame.Text text -> LEGACY.decodeText(text.utf8());
      case WebSocketFrame.Binary binary -> LEGACY.decodeBinary(binary.bytes());
    };
  }

  private static WebSocketFrame theirs(JsonNode golden) {
    byte[] frame = Golden.bytes(golden.path("frame"));
    return golden.path("binary").booleanValue()
        ? new WebSocketFrame.Binary(ByteBuffer.wrap(frame))
        : new WebSocketFrame.Text(frame);
  }

  private static byte[] encodedText(JupyterMessage message) {
    return ((WebSocketFrame.Text) LEGACY.encode(message)).utf8();
  }

  /** The JSON of a binary frame that has buffers. */
  private static JsonNode json(ByteBuffer frame) throws IOException {
    byte[] json = new byte[frame.getInt(8) - frame.getInt(4)];
    frame.get(frame.getInt(4), json);
    return MAPPER.readTree(json);
  }
}
