// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.wire.json.PooledJson;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.util.Optional;

/**
 * What a client is told in a sleeping kernel's place, so that a page that is opened, a completion
 * or a poll does not wake it. Pure.
 */
public final class SleepingAnswers {

  private static final JsonMapper JSON = PooledJson.mapper().build();

  private final ObjectNode kernelInfo;

  /**
   * @param kernelInfo what the kernel said of itself while it ran, the content of its {@code
   *     kernel_info_reply}
   */
  public SleepingAnswers(ObjectNode kernelInfo) {
    this.kernelInfo = kernelInfo;
  }

  /** What a message is to a kernel that sleeps. */
  public sealed interface Reaction {

    /** It is answered, with this content. */
    record Answer(ObjectNode content) implements Reaction {}

    /** There is nothing to say and nothing to do. */
    record Ignore() implements Reaction {}

    /** It needs the kernel itself. */
    record Wake() implements Reaction {}

    /** The kernel is to end. */
    record End(ObjectNode answer, boolean restart) implements Reaction {}
  }

  /** What is done about a message of that type. */
  public Reaction to(String messageType, JupyterMessage message) {
    return switch (messageType) {
      case "kernel_info_request" -> new Reaction.Answer(kernelInfo.deepCopy());
      case "comm_info_request" -> answer(ok().set("comms", object()));
      case "history_request" -> {
        ObjectNode empty = ok();
        empty.putArray("history");
        yield answer(empty);
      }
      case "complete_request" -> answer(noCompletions(message));
      case "inspect_request" -> {
        ObjectNode nothing = ok().put("found", false);
        nothing.putObject("data");
        nothing.putObject("metadata");
        yield answer(nothing);
      }
      case "is_complete_request" -> answer(object().put("status", "unknown"));
      case "interrupt_request" -> answer(ok());
      case "shutdown_request" -> {
        boolean restart = read(message).path("restart").asBoolean();
        yield new Reaction.End(ok().put("restart", restart), restart);
      }
      case "debug_request" -> debug(message);
      // A page that closes ends its comms, which went with the process.
      case "comm_close", "input_reply" -> new Reaction.Ignore();
      default -> new Reaction.Wake();
    };
  }

  /** No words, in the place where they were asked for. */
  private static ObjectNode noCompletions(JupyterMessage message) {
    int place = read(message).path("cursor_pos").asInt();
    ObjectNode none = ok().put("cursor_start", place).put("cursor_end", place);
    none.putArray("matches");
    none.putObject("metadata");
    return none;
  }

  /**
   * JupyterLab asks every kernel that could be debugged whether it is being debugged (Debug Adapter
   * Protocol as extended in the Jupyter messaging specification, {@code debugInfo}).
   */
  private static Reaction debug(JupyterMessage message) {
    JsonNode request = read(message);
    if (!request.path("command").asText().equals("debugInfo")) {
      return new Reaction.Wake();
    }
    ObjectNode answer =
        object()
            .put("type", "response")
            .put("request_seq", request.path("seq").asInt())
            .put("success", true)
            .put("command", "debugInfo");
    ObjectNode body =
        answer
            .putObject("body")
            .put("isStarted", false)
            .put("hashMethod", "Murmur2")
            .put("hashSeed", 0)
            .put("tmpFilePrefix", "")
            .put("tmpFileSuffix", "")
            .put("richRendering", false)
            .put("copyToGlobals", false);
    body.putArray("breakpoints");
    body.putArray("stoppedThreads");
    body.putArray("exceptionPaths");
    return answer(answer);
  }

  private static Reaction answer(JsonNode content) {
    return new Reaction.Answer((ObjectNode) content);
  }

  private static JsonNode read(JupyterMessage message) {
    try {
      return Optional.ofNullable(JSON.readTree(message.content()))
          .orElseGet(SleepingAnswers::object);
    } catch (IOException unreadable) {
      // What a client sends wrongly is answered as if it had asked for nothing in particular.
      return object();
    }
  }

  private static ObjectNode ok() {
    return object().put("status", "ok");
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
