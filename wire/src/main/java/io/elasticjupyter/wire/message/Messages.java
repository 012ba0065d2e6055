// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.wire.json.PooledJson;
import java.io.IOException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of our own: what the gateway asks kernels, and what it tells clients in a kernel's
 * place. Safe for any thread if the id supplier and the clock are.
 *
 * <p>A parent header is given as the raw bytes of the header that is answered; {@link #NO_PARENT}
 * where nothing is.
 */
public final class Messages {

  /** The protocol version of these messages; what they hold is the same since 5.0. */
  public static final String PROTOCOL_VERSION = "5.4";

  /** The parent header of a message that answers none. Not to be written to. */
  public static final byte[] NO_PARENT = "{}".getBytes(US_ASCII);

  private static final JsonMapper MAPPER = PooledJson.mapper().build();
  private static final byte[] EMPTY_OBJECT = "{}".getBytes(US_ASCII);

  /** Clients parse the date with a fixed pattern: UTC, six digits of fraction, Z. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Supplier<String> ids;
  private final InstantSource clock;
  private final String session;
  private final String username;

  /**
   * @param ids gives each message its id
   * @param clock gives each message its date
   * @param session named in the headers
   * @param username named in the headers
   */
  public Messages(Supplier<String> ids, InstantSource clock, String session, String username) {
    this.ids = ids;
    this.clock = clock;
    this.session = session;
    this.username = username;
  }

  /** Any message. */
  public JupyterMessage message(
      Channel channel, String msgType, byte[] parentHeader, ObjectNode content) {
    ObjectNode header = object();
    header.put("msg_id", ids.get());
    header.put("msg_type", msgType);
    header.put("session", session);
    header.put("username", username);
    header.put("date", DATE.format(clock.instant()));
    header.put("version", PROTOCOL_VERSION);
    return new JupyterMessage(
        channel, bytes(header), parentHeader, EMPTY_OBJECT, bytes(content), List.of());
  }

  /** An iopub {@code status}. */
  public JupyterMessage status(String executionState, byte[] parentHeader) {
    return message(
        Channel.IOPUB, "status", parentHeader, object().put("execution_state", executionState));
  }

  /**
   * An iopub {@code stream}: text under the cell whose request the parent header names.
   *
   * @param name {@code stdout} or {@code stderr}
   */
  public JupyterMessage stream(String name, String text, byte[] parentHeader) {
    return message(
        Channel.IOPUB, "stream", parentHeader, object().put("name", name).put("text", text));
  }

  /** An iopub {@code error}: a red box under the cell. */
  public JupyterMessage error(
      String name, String value, List<String> traceback, byte[] parentHeader) {
    return message(Channel.IOPUB, "error", parentHeader, errorContent(name, value, traceback));
  }

  /**
   * The reply that a kernel would give if it had failed, to any {@code *_request}: on the request's
   * channel, status {@code error}.
   *
   * @param request what cannot be answered otherwise
   */
  public JupyterMessage errorReply(
      JupyterMessage request, String name, String value, List<String> traceback)
      throws MessageException {
    String type = MessageHeader.parse(request.header()).msgType();
    ObjectNode content = errorContent(name, value, traceback).put("status", "error");
    if (type.equals("execute_request")) {
      // JupyterLab reads both without asking whether they are there.
      content.put("execution_count", 0);
      content.set("payload", JsonNodeFactory.instance.arrayNode());
    }
    return message(request.channel(), replyType(type), request.header(), content);
  }

  /**
   * The reply to a cell that ended, in the kernel's place.
   *
   * @param count its number; 0 where that is not known
   * @param error content of the {@code error} that it published; null where it had none
   * @throws MessageException if the request's header cannot be read
   */
  public JupyterMessage executeReply(JupyterMessage request, int count, byte @Nullable [] error)
      throws MessageException {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    if (error != null) {
      try {
        if (MAPPER.readTree(error) instanceof ObjectNode published) {
          content.setAll(published);
        }
      } catch (IOException unreadable) {
        // Clients were given it as it is; of the reply they need that there was one.
        content.put("ename", "").put("evalue", "").putArray("traceback");
      }
    }
    content.put("status", error == null ? "ok" : "error").put("execution_count", count);
    content.set("payload", JsonNodeFactory.instance.arrayNode());
    content.set("user_expressions", JsonNodeFactory.instance.objectNode());
    return reply(request, content);
  }

  /** Asks a kernel who it is; shell or control. */
  public JupyterMessage kernelInfoRequest(Channel channel) {
    return message(channel, "kernel_info_request", NO_PARENT, object());
  }

  /**
   * The reply that a kernel would give to any {@code *_request}, on the request's channel.
   *
   * @param request what is answered
   */
  public JupyterMessage reply(JupyterMessage request, ObjectNode content) throws MessageException {
    String type = MessageHeader.parse(request.header()).msgType();
    return message(request.channel(), replyType(type), request.header(), content);
  }

  /** Asks a kernel to end itself, on control. */
  public JupyterMessage shutdownRequest(boolean restart) {
    return message(
        Channel.CONTROL, "shutdown_request", NO_PARENT, object().put("restart", restart));
  }

  /** Interrupts a kernel whose kernelspec says {@code interrupt_mode: message}, on control. */
  public JupyterMessage interruptRequest() {
    return message(Channel.CONTROL, "interrupt_request", NO_PARENT, object());
  }

  private static String replyType(String requestType) {
    String suffix = "_request";
    return requestType.endsWith(suffix)
        ? requestType.substring(0, requestType.length() - suffix.length()) + "_reply"
        : requestType + "_reply";
  }

  private static ObjectNode errorContent(String name, String value, List<String> traceback) {
    ObjectNode content = object().put("ename", name).put("evalue", value);
    ArrayNode lines = content.putArray("traceback");
    traceback.forEach(lines::add);
    return content;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static byte[] bytes(ObjectNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings and numbers can always be written", e);
    }
  }
}
