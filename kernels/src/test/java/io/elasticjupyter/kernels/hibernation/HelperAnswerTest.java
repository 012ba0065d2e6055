// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelperAnswerTest {

  private static final byte[] EMPTY = "{}".getBytes(UTF_8);

  private static HelperAnswer read(String content) {
    return HelperAnswer.of(
        new JupyterMessage(Channel.SHELL, EMPTY, EMPTY, EMPTY, content.getBytes(UTF_8), List.of()));
  }

  private static HelperAnswer answered(String json) {
    return read(
        """
        {"status": "ok", "user_expressions": {"snapshot":
          {"status": "ok", "data": {"application/json": %s}}}}
        """
            .formatted(json));
  }

  @Test
  void readsAReport() {
    HelperAnswer answer =
        answered(
            """
            {"status": "saved", "digest": "ab12", "report": {"kept": ["a", "b"], "rebuilt": [],
             "partial": [], "lost": [{"name": "c", "type": "socket", "reason": "open", "cell": 3}],
             "bytes": 10, "written": 5}}
            """);

    assertThat(answer)
        .isInstanceOfSatisfying(
            HelperAnswer.Saved.class,
            saved -> {
              assertThat(saved.digest()).isEqualTo("ab12");
              assertThat(saved.report().kept()).isEqualTo(2);
              assertThat(saved.report().lost().getFirst().sentence()).isEqualTo("c (open)");
              assertThat(saved.report().isWhole()).isFalse();
            });
  }

  @Test
  void readsJsonAsTextWhereAKernelGivesNoOther() {
    assertThat(
            read(
                """
                {"user_expressions": {"snapshot": {"status": "ok",
                  "data": {"text/plain": "{\\"status\\": \\"cancelled\\"}"}}}}
                """))
        .isInstanceOf(HelperAnswer.Cancelled.class);
  }

  @Test
  void saysWhyItCouldNotBeDone() {
    assertThat(answered("{\"status\": \"failed\", \"code\": \"no-space\", \"message\": \"full\"}"))
        .isEqualTo(new HelperAnswer.Failed("no-space", "full"));
  }

  @Test
  void aKernelThatCannotRunTheHelperCannotSleepAtAll() {
    HelperAnswer raised =
        read(
            """
            {"status": "ok", "user_expressions": {"snapshot":
              {"status": "error", "ename": "SyntaxError", "evalue": "invalid"}}}
            """);
    assertThat(raised)
        .isInstanceOfSatisfying(
            HelperAnswer.Failed.class,
            failed -> {
              assertThat(failed.isForGood()).isTrue();
              assertThat(failed.message()).contains("SyntaxError");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "[]",
        "{}",
        "{\"user_expressions\": []}",
        "{\"user_expressions\": {\"snapshot\": {\"status\": \"ok\"}}}",
        "{\"user_expressions\": {\"snapshot\": {\"status\": \"ok\", \"data\": {\"text/plain\": \"x\"}}}}"
      })
  void whatIsNoAnswerIsAFailure(String content) {
    assertThat(read(content)).isInstanceOf(HelperAnswer.Failed.class);
  }
}
