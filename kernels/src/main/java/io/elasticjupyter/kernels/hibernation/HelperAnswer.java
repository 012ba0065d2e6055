// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.wire.json.PooledJson;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the helper inside a kernel answered to a call. */
public sealed interface HelperAnswer {

  /** A state was saved and verified. */
  record Saved(String digest, SnapshotReport report) implements HelperAnswer {}

  /** Nothing was saved, since the call was cancelled. */
  record Cancelled() implements HelperAnswer {}

  /** A state was restored. */
  record Restored(SnapshotReport report) implements HelperAnswer {}

  /**
   * What the kernel does although no cell runs.
   *
   * @param busy in words, one for each; the first is its kind
   */
  record Probed(List<String> busy) implements HelperAnswer {

    private static final Set<String> WITHIN = Set.of("thread", "task");

    public Probed {
      busy = List.copyOf(busy);
    }

    /** Whether all of that is in the kernel's own process, and stands still and goes on with it. */
    public boolean isWithinProcess() {
      return busy.stream().allMatch(each -> WITHIN.contains(each.split(" ", 2)[0]));
    }
  }

  /**
   * It could not be done.
   *
   * @param code stable, of the helper; {@code no-helper} where the kernel cannot run it
   * @param message for its user
   */
  record Failed(String code, String message) implements HelperAnswer {

    private static final Set<String> NO_SNAPSHOT =
        Set.of("missing", "wrong-key", "wrong-digest", "wrong-format", "damaged");

    /** Whether another try cannot end otherwise. */
    public boolean isForGood() {
      return code.equals("unsupported") || code.equals("no-helper");
    }

    /** Whether what was saved is not there any more, or is not what was saved. */
    public boolean lacksSnapshot() {
      return NO_SNAPSHOT.contains(code);
    }
  }

  JsonMapper JSON = PooledJson.mapper().build();

  /** Reads an {@code execute_reply}. */
  static HelperAnswer of(JupyterMessage reply) {
    JsonNode content;
    try {
      content = JSON.readTree(reply.content());
    } catch (IOException e) {
      return new Failed("no-helper", "The kernel's answer was not JSON: " + e.getMessage());
    }
    JsonNode expression = content.path("user_expressions").path(HelperCall.EXPRESSION);
    if (!expression.path("status").asText().equals("ok")) {
      JsonNode error = expression.isMissingNode() ? content : expression;
      return new Failed(
          "no-helper",
          "The kernel cannot run the helper: %s %s"
              .formatted(error.path("ename").asText("no answer"), error.path("evalue").asText()));
    }
    JsonNode answer = expression.path("data").path("application/json");
    if (!answer.isObject()) {
      try {
        answer = JSON.readTree(expression.path("data").path("text/plain").asText());
      } catch (IOException e) {
        return new Failed("no-helper", "The helper's answer was not JSON: " + e.getMessage());
      }
    }
    return read(answer);
  }

  /** Reads the JSON of an answer (decision 16). */
  static HelperAnswer read(JsonNode answer) {
    return switch (answer.path("status").asText()) {
      case "saved" ->
          new Saved(answer.path("digest").asText(), SnapshotReport.of(answer.path("report")));
      case "restored" -> new Restored(SnapshotReport.of(answer.path("report")));
      case "probed" -> new Probed(words(answer.path("busy")));
      case "cancelled", "nothing-to-cancel" -> new Cancelled();
      default ->
          new Failed(
              answer.path("code").asText("internal"),
              answer.path("message").asText("The helper gave no reason."));
    };
  }

  private static List<String> words(JsonNode busy) {
    List<String> words = new ArrayList<>();
    busy.forEach(each -> words.add(each.path("kind").asText() + " " + each.path("name").asText()));
    return words;
  }
}
