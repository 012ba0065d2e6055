// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
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

  /** Over which a page that is opened asks for the widgets that the kernel has. */
  private static final String WIDGETS_CONTROL = "jupyter.widget.control";

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

    /** It has no reply, and this is published about it. */
    record Tell(String messageType, ObjectNode content) implements Reaction {}

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
      // One for each kind of comm, by JupyterLab before it opens the first; without one it does
      // too.
      case "create_subshell_request" -> answer(noSubshell());
      case "delete_subshell_request" -> answer(ok());
      case "list_subshell_request" -> answer(ok().set("subshell_id", array()));
      case "comm_open" -> commOpened(read(message));
      case "comm_msg" -> toComm(read(message));
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

  /**
   * Closed at once, as by a kernel that knows no such target; the page then asks by {@code
   * comm_info_request} (JupyterLab's widget manager, {@code _loadFromKernel}).
   */
  private static Reaction commOpened(JsonNode open) {
    if (!open.path("target_name").asText().equals(WIDGETS_CONTROL)) {
      return new Reaction.Wake();
    }
    ObjectNode close = object().put("comm_id", open.path("comm_id").asText());
    close.putObject("data");
    return new Reaction.Tell("comm_close", close);
  }

  /** What a page says on the comm that was just closed, before it has heard of that. */
  private static Reaction toComm(JsonNode said) {
    return said.at("/data/method").asText().equals("request_states")
        ? new Reaction.Ignore()
        : new Reaction.Wake();
  }

  private static ObjectNode noSubshell() {
    return object()
        .put("status", "error")
        .put("ename", "KernelHibernates")
        .put("evalue", "The kernel hibernates, and has no subshells until it is awake.")
        .set("traceback", array());
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

  private static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
