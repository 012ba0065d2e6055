// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.RandomJson;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageHeaderTest {

  private static final JsonMapper ORACLE =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  @Test
  void readsAllSixFieldsInAnyOrderAmongOthers() throws MessageException {
    MessageHeader header =
        parse(
            """
            {"version": "5.4", "date": "2026-11-24T10:29:17.123456Z", "extra": {"msg_id": "no"},
             "username": "ann", "session": "s-1", "msg_type": "execute_request", "more": [1, {}],
             "msg_id": "m-1", "subshell_id": null}
            """);
    assertThat(header)
        .isEqualTo(
            new MessageHeader(
                "m-1", "execute_request", "s-1", "ann", "2026-11-24T10:29:17.123456Z", "5.4"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", " { } ", "{\"msg_id\": null, \"session\": null, \"date\": 5}"})
  void whatIsAbsentNullOrNoTextIsEmpty(String json) throws MessageException {
    assertThat(parse(json)).isEqualTo(MessageHeader.EMPTY);
    assertThat(parse(json).isEmpty()).isTrue();
  }

  @Test
  void isNotFooledByNamesInsideStringsAndObjects() throws MessageException {
    MessageHeader header =
        parse(
            """
            {"a": "\\", \\"msg_id\\": \\"forged\\"", "b": {"msg_id": "forged", "c": [{"msg_id": 1}]},
             "msg_id": "real", "d": {"msg_id": "forged"}}
            """);
    assertThat(header.msgId()).isEqualTo("real");
  }

  @Test
  void decodesEscapesAndUnicodeInValuesAndNames() throws MessageException {
    MessageHeader header =
        parse("{\"msg\\u005fid\": \"\\u00e4\\n\\\"\", \"session\": \"ä中😀\", \"msg_type\": \"x\"}");
    assertThat(header.msgId()).isEqualTo("ä\n\"");
    assertThat(header.session()).isEqualTo("ä中😀");
    assertThat(header.msgType()).isEqualTo("x");
  }

  @Test
  void theLastOfTwoCounts() throws MessageException {
    assertThat(parse("{\"msg_id\": \"a\", \"msg_id\": \"b\"}").msgId()).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | unexpected-json-type",
        "null | unexpected-json-type",
        "\"x\" | unexpected-json-type",
        "{\"msg_id\": 5} | unexpected-json-type",
        "{\"session\": {}} | unexpected-json-type",
        "{\"msg_type\": [\"x\"]} | unexpected-json-type",
        "{\"msg_id\": \"a\" | invalid-json",
        "{\"msg_id\": nope} | invalid-json",
        "{\"msg_id\": \"a\"} x | invalid-json",
        "'' | invalid-json"
      })
  void saysWhatIsWrong(String json, String code) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOfSatisfying(MessageException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageNotContaining("nope");
  }

  @Test
  void agreesWithJacksonOnWhateverObjectComes() {
    SeededRandom.check(
        1_000,
        random -> {
          String id = new RandomJson(random).string();
          String before = new String(new RandomJson(random).object(4), UTF_8);
          String json =
              "{\"before\": " + before + ", \"msg_id\":" + id + ",\"after\":" + before + "}";
          JsonNode expected = ORACLE.readTree(json);
          assertThat(parse(json).msgId()).isEqualTo(expected.path("msg_id").textValue());
        });
  }

  @Test
  void anyBytesAreAHeaderOrAPreciseFailure() {
    SeededRandom.check(
        5_000,
        random -> {
          RandomJson generator = new RandomJson(random);
          byte[] bytes =
              random.percent(30) ? random.bytes(60) : generator.damaged(generator.object(3));
          try {
            assertThat(MessageHeader.parse(bytes)).isNotNull();
          } catch (MessageException e) {
            assertThat(e.code())
                .isIn("invalid-json", "invalid-utf8", "unexpected-json-type", "json-too-deep");
          }
        });
  }

  @Test
  void readsTheExecutionStateOfAStatusOnly() throws MessageException {
    assertThat(state("{\"execution_state\": \"busy\"}")).contains("busy");
    assertThat(state("{\"a\": {\"execution_state\": \"busy\"}, \"execution_state\": \"idle\"}"))
        .contains("idle");
    assertThat(state("{\"execution_state\": 7}")).isEmpty();
    assertThat(state("{\"text\": \"\\\"execution_state\\\": \\\"dead\\\"\"}")).isEmpty();
    assertThatThrownBy(() -> state("{\"execution_state\": \"busy\""))
        .isInstanceOf(MessageException.InvalidJson.class);
  }

  private static Optional<String> state(String json) throws MessageException {
    return StatusContent.executionState(json.getBytes(UTF_8));
  }

  private static MessageHeader parse(String json) throws MessageException {
    return MessageHeader.parse(json.getBytes(UTF_8));
  }
}
