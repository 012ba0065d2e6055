// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.hibernation.SleepingAnswers.Reaction;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SleepingAnswersTest {

  private static final byte[] EMPTY = "{}".getBytes(UTF_8);

  private final ObjectNode info = JsonNodeFactory.instance.objectNode().put("banner", "hello");
  private final SleepingAnswers answers = new SleepingAnswers(info);

  private Reaction to(String type, String content) {
    return answers.to(
        type,
        new JupyterMessage(Channel.SHELL, EMPTY, EMPTY, EMPTY, content.getBytes(UTF_8), List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"execute_request", "comm_open", "comm_msg", "made_up_request"})
  void wakesForWhatOnlyTheKernelCanDo(String type) {
    assertThat(to(type, "{}")).isInstanceOf(Reaction.Wake.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"comm_close", "input_reply"})
  void ignoresWhatMeansNothingToASleepingKernel(String type) {
    assertThat(to(type, "{}")).isInstanceOf(Reaction.Ignore.class);
  }

  @Test
  void hasNoWidgetsForAPageThatIsOpened() {
    assertThat(to("comm_open", "{\"comm_id\": \"c\", \"target_name\": \"jupyter.widget.control\"}"))
        .isInstanceOfSatisfying(
            Reaction.Tell.class,
            tell -> {
              assertThat(tell.messageType()).isEqualTo("comm_close");
              assertThat(tell.content().path("comm_id").asText()).isEqualTo("c");
            });
    assertThat(to("comm_msg", "{\"comm_id\": \"c\", \"data\": {\"method\": \"request_states\"}}"))
        .isInstanceOf(Reaction.Ignore.class);
    assertThat(to("comm_msg", "{\"comm_id\": \"d\", \"data\": {\"method\": \"update\"}}"))
        .isInstanceOf(Reaction.Wake.class);
  }

  @Test
  void hasNoSubshells() {
    assertThat(to("create_subshell_request", "{}"))
        .isInstanceOfSatisfying(
            Reaction.Answer.class,
            answer -> {
              assertThat(answer.content().path("status").asText()).isEqualTo("error");
              assertThat(answer.content().has("subshell_id")).isFalse();
            });
    assertThat(to("list_subshell_request", "{}"))
        .isInstanceOfSatisfying(
            Reaction.Answer.class,
            answer -> assertThat(answer.content().path("subshell_id")).isEmpty());
  }

  @Test
  void repeatsWhatTheKernelSaidOfItself() {
    assertThat(to("kernel_info_request", "{}")).isEqualTo(new Reaction.Answer(info));
  }

  @Test
  void completesNothingWhereTheCursorIs() {
    assertThat(to("complete_request", "{\"code\": \"x.\", \"cursor_pos\": 2}"))
        .isInstanceOfSatisfying(
            Reaction.Answer.class,
            answer -> {
              assertThat(answer.content().path("cursor_start").asInt()).isEqualTo(2);
              assertThat(answer.content().path("cursor_end").asInt()).isEqualTo(2);
              assertThat(answer.content().path("matches")).isEmpty();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nothing", "[1, 2]", "{\"cursor_pos\": \"far\"}", "{\"cursor"})
  void answersWhatIsNoQuestionAtAllLikeAnEmptyOne(String content) {
    assertThat(to("complete_request", content))
        .isInstanceOfSatisfying(
            Reaction.Answer.class,
            answer -> assertThat(answer.content().path("cursor_start").asInt()).isZero());
  }

  @Test
  void tellsADebuggerThatNothingIsDebuggedAndWakesForMore() {
    assertThat(to("debug_request", "{\"command\": \"debugInfo\", \"seq\": 7}"))
        .isInstanceOfSatisfying(
            Reaction.Answer.class,
            answer -> {
              assertThat(answer.content().path("request_seq").asInt()).isEqualTo(7);
              assertThat(answer.content().at("/body/isStarted").isBoolean()).isTrue();
            });
    assertThat(to("debug_request", "{\"command\": \"initialize\"}"))
        .isInstanceOf(Reaction.Wake.class);
  }

  @Test
  void endsOrRestartsAsTheMessageSays() {
    assertThat(to("shutdown_request", "{\"restart\": true}"))
        .isInstanceOfSatisfying(Reaction.End.class, end -> assertThat(end.restart()).isTrue());
    assertThat(to("shutdown_request", "{}"))
        .isInstanceOfSatisfying(Reaction.End.class, end -> assertThat(end.restart()).isFalse());
  }
}
