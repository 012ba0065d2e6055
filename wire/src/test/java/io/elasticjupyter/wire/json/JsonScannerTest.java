// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.RandomJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {

  /** Two parsers that were written apart from each other seldom have the same faults. */
  private static final JsonMapper ORACLE =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  @Test
  void takesWhatJacksonTakesAndRefusesWhatJacksonRefuses() {
    SeededRandom.check(
        5_000,
        random -> {
          RandomJson generator = new RandomJson(random);
          byte[] json = generator.object(4);
          if (random.percent(70)) {
            json = generator.damaged(json);
          }
          assertThat(accepts(json)).as(new String(json, UTF_8)).isEqualTo(oracleAccepts(json));
        });
  }

  @Test
  void cutsValuesWhereTheyBeginAndEnd() {
    SeededRandom.check(
        1_000,
        random -> {
          RandomJson generator = new RandomJson(random);
          String first = generator.value(3);
          String second = generator.value(3);
          byte[] json = ("{\"a\" : " + first + " ,\"b\":" + second + "}").getBytes(UTF_8);
          JsonScanner scanner = new JsonScanner(json);
          scanner.beginObject();
          assertThat(scanner.nextField()).isTrue();
          scanner.skipValue();
          assertThat(lastValue(scanner, json)).isEqualTo(first);
          assertThat(scanner.nextField()).isTrue();
          scanner.skipValue();
          assertThat(lastValue(scanner, json)).isEqualTo(second);
          assertThat(scanner.nextField()).isFalse();
          scanner.expectEnd();
        });
  }

  @Test
  void readsStringsAsJacksonDoes() {
    SeededRandom.check(
        2_000,
        random -> {
          String string = new RandomJson(random).string();
          byte[] json = ("{" + string + ":" + string + "}").getBytes(UTF_8);
          String expected = ORACLE.readTree(string).textValue();
          JsonScanner scanner = new JsonScanner(json);
          scanner.beginObject();
          assertThat(scanner.nextField()).isTrue();
          assertThat(scanner.stringValue()).isEqualTo(expected);
        });
  }

  @Test
  void knowsANameThatIsWrittenWithEscapes() throws JsonException {
    JsonScanner scanner = new JsonScanner("{\"msg\\u005ftype\": 1}".getBytes(UTF_8));
    scanner.beginObject();
    assertThat(scanner.nextField()).isTrue();
    assertThat(scanner.nameIs("msg_type")).isTrue();
    assertThat(scanner.nameIs("msg_id")).isFalse();
  }

  @Test
  void staysInsideTheBytesItWasGiven() throws JsonException {
    byte[] json = "[[{\"a\": 1}]]".getBytes(UTF_8);
    JsonScanner scanner = new JsonScanner(json, 2, json.length - 2);
    scanner.beginObject();
    assertThat(scanner.nextField()).isTrue();
    scanner.skipValue();
    assertThat(scanner.nextField()).isFalse();
    scanner.expectEnd();
  }

  @Test
  void nestsAsDeepAsTheLimitAndNoDeeper() {
    int levels = JsonScanner.MAX_DEPTH - 1;
    assertThat(accepts(nested(levels))).isTrue();
    assertThatThrownBy(() -> scan(nested(levels + 1)))
        .isInstanceOfSatisfying(
            JsonException.class,
            e -> assertThat(e.problem()).isEqualTo(JsonException.Problem.DEPTH));
  }

  @Test
  void millionsOfBracketsAreRefusedAtTheLimit() {
    byte[] brackets = new byte[2_000_000];
    Arrays.fill(brackets, (byte) '[');
    System.arraycopy("{\"a\":".getBytes(UTF_8), 0, brackets, 0, 5);
    assertThat(accepts(brackets)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{]",
        "[}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":1e}",
        "{\"a\":-}",
        "{\"a\":--1}",
        "{\"a\":nul}",
        "{\"a\":nulll}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\u12",
        "{\"a\":\"\\",
        "{\"a\":\"\t\"}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{} {}",
        "{}x",
        "{'a':1}",
        "{a:1}",
        "\ufeff{}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":inf}",
        "{\"a\":-NaN}",
        "{\"a\":tru",
        "{\""
      })
  void isNoJson(String json) {
    assertThatThrownBy(() -> scan(json.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            JsonException.class,
            e -> assertThat(e.problem()).isEqualTo(JsonException.Problem.SYNTAX));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"{}\"", "1", "null", "true", "NaN", "-Infinity", "[{}]"})
  void isNoObject(String json) {
    assertThatThrownBy(() -> scan(json.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            JsonException.class,
            e -> assertThat(e.problem()).isEqualTo(JsonException.Problem.TYPE));
  }

  @Test
  void bytesThatAreNoUtf8AreToldApartFromBadJson() {
    for (int[] bad :
        new int[][] {
          {0x80},
          {0xC0, 0xAF},
          {0xC3},
          {0xE0, 0x80, 0x80},
          {0xED, 0xA0, 0x80},
          {0xF0, 0x8F, 0x80, 0x80},
          {0xF4, 0x90, 0x80, 0x80},
          {0xF5, 0x80, 0x80, 0x80},
          {0xE4, 0xB8},
          {0xFF}
        }) {
      byte[] json = new byte[bad.length + 8];
      Arrays.fill(json, (byte) ' ');
      System.arraycopy("{\"a\":\"".getBytes(UTF_8), 0, json, 0, 6);
      for (int i = 0; i < bad.length; i++) {
        json[6 + i] = (byte) bad[i];
      }
      json[6 + bad.length] = '"';
      json[7 + bad.length] = '}';
      assertThatThrownBy(() -> scan(json))
          .isInstanceOfSatisfying(
              JsonException.class,
              e -> {
                assertThat(e.problem()).isEqualTo(JsonException.Problem.ENCODING);
                assertThat(e.offset()).isEqualTo(6);
              });
    }
  }

  private static String lastValue(JsonScanner scanner, byte[] json) {
    return new String(json, scanner.valueStart(), scanner.valueEnd() - scanner.valueStart(), UTF_8);
  }

  private static byte[] nested(int arrays) {
    return ("{\"a\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}").getBytes(UTF_8);
  }

  private static boolean accepts(byte[] json) {
    try {
      scan(json);
      return true;
    } catch (JsonException _) {
      return false;
    }
  }

  private static void scan(byte[] json) throws JsonException {
    JsonScanner scanner = new JsonScanner(json);
    scanner.beginObject();
    while (scanner.nextField()) {
      scanner.skipValue();
    }
    scanner.expectEnd();
  }

  private static boolean oracleAccepts(byte[] json) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      JsonNode node = ORACLE.readTree(text);
      return node.isObject();
    } catch (CharacterCodingException | JsonProcessingException _) {
      return false;
    }
  }
}
