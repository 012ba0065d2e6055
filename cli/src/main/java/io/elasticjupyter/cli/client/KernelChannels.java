// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.cli.program.ProgramFailure;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A kernel's websocket with the text framing that jupyter_server uses. Messages wait in a bounded
 * queue; the next frame is asked for only when the last one has found its place there.
 */
public final class KernelChannels implements WebSocket.Listener, AutoCloseable {

  /**
   * What running a cell gave.
   *
   * @param text what it printed
   * @param error name and value of the exception that ended it
   */
  public record Result(String text, Optional<String> error) {}

  private static final int WAITING_MESSAGES = 1_000;

  /** Of the Jupyter messaging protocol. */
  private static final String PROTOCOL = "5.3";

  private final JsonMapper json;
  private final String session;
  private final BlockingQueue<JsonNode> received = new ArrayBlockingQueue<>(WAITING_MESSAGES);
  private final StringBuilder text = new StringBuilder();
  private @Nullable WebSocket socket;

  KernelChannels(JsonMapper json, String session) {
    this.json = json;
    this.session = session;
  }

  void use(WebSocket opened) {
    socket = opened;
  }

  /** Runs a cell and waits for its reply and for the kernel to be idle again. */
  public Result run(String code, Duration patience) throws ProgramFailure, InterruptedException {
    String id = UUID.randomUUID().toString();
    ObjectNode request = json.createObjectNode();
    request
        .putObject("header")
        .put("msg_id", id)
        .put("msg_type", "execute_request")
        .put("session", session)
        .put("username", "demo")
        .put("version", PROTOCOL);
    request.putObject("parent_header");
    request.putObject("metadata");
    request
        .putObject("content")
        .put("code", code)
        .put("silent", false)
        .put("store_history", true)
        .put("allow_stdin", false)
        .put("stop_on_error", true)
        .putObject("user_expressions");
    request.put("channel", "shell").putArray("buffers");
    Objects.requireNonNull(socket).sendText(request.toString(), true).join();
    return result(id, patience);
  }

  private Result result(String id, Duration patience) throws ProgramFailure, InterruptedException {
    StringBuilder printed = new StringBuilder();
    Optional<String> error = Optional.empty();
    boolean replied = false;
    boolean idle = false;
    long end = System.nanoTime() + patience.toNanos();
    while (!replied || !idle) {
      JsonNode message = next(end, "the cell's result");
      if (!message.path("parent_header").path("msg_id").asText().equals(id)) {
        continue;
      }
      JsonNode content = message.path("content");
      switch (message.path("header").path("msg_type").asText()) {
        case "stream" -> printed.append(content.path("text").asText());
        case "execute_reply" -> replied = true;
        case "error" ->
            error =
                Optional.of(
                    content.path("ename").asText() + ": " + content.path("evalue").asText());
        case "status" -> idle = content.path("execution_state").asText().equals("idle");
        default -> {
          // What else a kernel publishes, such as the echo of the code, is not shown here.
        }
      }
    }
    return new Result(printed.toString().strip(), error);
  }

  /** Waits for the next message that is wanted; others are passed over. */
  public JsonNode await(Predicate<JsonNode> wanted, Duration patience, String what)
      throws ProgramFailure, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      JsonNode message = next(end, what);
      if (wanted.test(message)) {
        return message;
      }
    }
  }

  /** Waits until clients are told that the kernel is dead, and why it is if they are told. */
  public String awaitDeath(Duration patience) throws ProgramFailure, InterruptedException {
    StringBuilder told = new StringBuilder();
    await(
        message -> {
          JsonNode content = message.path("content");
          return switch (message.path("header").path("msg_type").asText()) {
            case "stream" -> {
              told.append(content.path("text").asText());
              yield false;
            }
            case "status" -> content.path("execution_state").asText().equals("dead");
            default -> false;
          };
        },
        patience,
        "the kernel's status 'dead'");
    return told.toString().strip();
  }

  private JsonNode next(long end, String what) throws ProgramFailure, InterruptedException {
    JsonNode message = received.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (message == null) {
      throw new ProgramFailure("waited in vain for " + what);
    }
    if (message.has("closed")) {
      throw new ProgramFailure(
          "the websocket was closed (%s) while waiting for %s"
              .formatted(message.path("closed").asText(), what));
    }
    return message;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      JsonNode message = parsed(text.toString());
      text.setLength(0);
      put(message);
    }
    from.request(1);
    return null;
  }

  private JsonNode parsed(String whole) {
    try {
      return json.readTree(whole);
    } catch (JsonProcessingException notJson) {
      return json.createObjectNode().put("closed", "it sent something else than JSON");
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    put(json.createObjectNode().put("closed", status + " " + reason));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    put(json.createObjectNode().put("closed", failure.toString()));
  }

  private void put(JsonNode message) {
    try {
      received.put(message);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.abort();
    }
  }
}
