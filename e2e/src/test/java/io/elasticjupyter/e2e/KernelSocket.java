// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client at a kernel's websocket that keeps everything it gets, answers pings, and can stop
 * reading. Safe for any thread.
 */
final class KernelSocket implements AutoCloseable {

  private static final Pattern NOTICE = Pattern.compile("(?m)^\\[elastic-jupyter\\][^\n]*\n");

  static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String V1 = "v1.kernel.websocket.jupyter.org";

  private final String session;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<ClientMessage> messages = new ArrayList<>();
  private final WebSocket socket;
  private boolean reading = true;
  private int owed;
  private boolean over;
  private OptionalInt closeCode = OptionalInt.empty();

  private KernelSocket(URI base, String token, String kernel, String session, boolean legacy) {
    this.session = session;
    URI uri =
        URI.create(
            base.toString().replaceFirst("^http", "ws").replaceFirst("/$", "")
                + "/api/kernels/"
                + kernel
                + "/channels?session_id="
                + session
                + "&token="
                + token);
    WebSocket.Builder builder = Rest.HTTP.newWebSocketBuilder().connectTimeout(PATIENCE);
    if (!legacy) {
      builder.subprotocols(V1);
    }
    try {
      socket = builder.buildAsync(uri, new Reader()).orTimeout(90, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        throw new IllegalStateException(
            "the websocket was refused with " + refused.getResponse().statusCode(), e);
      }
      throw e;
    }
  }

  /** Opens with the framing that JupyterLab asks for, under a session of its own. */
  static KernelSocket open(Rest server, String kernel) {
    return open(server, kernel, newSession());
  }

  static KernelSocket open(Rest server, String kernel, String session) {
    return new KernelSocket(server.base(), server.token(), kernel, session, false);
  }

  /** Opens with the framing that jupyter_server uses towards a gateway. */
  static KernelSocket openLegacy(Rest server, String kernel, String session) {
    return new KernelSocket(server.base(), server.token(), kernel, session, true);
  }

  static String newSession() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  String session() {
    return session;
  }

  // What is sent.

  /** Sends a request and answers its message id. */
  String send(String channel, String type, JsonNode content) {
    return send(channel, type, content, Rest.JSON.createObjectNode());
  }

  String send(String channel, String type, JsonNode content, JsonNode parent) {
    JsonNode header =
        Rest.JSON
            .createObjectNode()
            .put("msg_id", UUID.randomUUID().toString())
            .put("msg_type", type)
            .put("session", session)
            .put("username", "e2e")
            .put("date", Instant.now().toString())
            .put("version", "5.4");
    ClientMessage message =
        new ClientMessage(
            channel, header, parent, Rest.JSON.createObjectNode(), content, List.of());
    CompletableFuture<WebSocket> sent =
        socket.getSubprotocol().equals(V1)
            ? socket.sendBinary(ByteBuffer.wrap(message.toV1()), true)
            : socket.sendText(message.toLegacy(), true);
    sent.orTimeout(60, TimeUnit.SECONDS).join();
    return message.id();
  }

  /** Sends bytes as they are, for frames that no client would send. */
  void sendRaw(byte[] frame) {
    socket.sendBinary(ByteBuffer.wrap(frame), true).orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** Asks for the execution of code; does not wait. */
  String execute(String code) {
    return send(
        "shell",
        "execute_request",
        Rest.JSON
            .createObjectNode()
            .put("code", code)
            .put("silent", false)
            .put("store_history", true)
            .put("allow_stdin", true)
            .put("stop_on_error", true)
            .<ObjectNode>set("user_expressions", Rest.JSON.createObjectNode()));
  }

  /**
   * Executes code and waits for its end; answers the text that it printed, without what the gateway
   * said meanwhile: on a busy machine a start takes long enough to be told.
   */
  String run(String code) {
    return NOTICE.matcher(runAndListen(code)).replaceAll("");
  }

  /** The same with what the gateway said. */
  String runAndListen(String code) {
    String request = execute(code);
    awaitReply(request);
    awaitIdle(request);
    return printed(request);
  }

  // What is received.

  /** Everything so far. */
  List<ClientMessage> messages() {
    lock.lock();
    try {
      return List.copyOf(messages);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets everything so far; not while somebody waits. */
  void forget() {
    lock.lock();
    try {
      messages.clear();
    } finally {
      lock.unlock();
    }
  }

  ClientMessage await(String what, Predicate<ClientMessage> wanted) {
    return await(what, wanted, PATIENCE);
  }

  /** Waits for a message, looking at those that came before as well. */
  ClientMessage await(String what, Predicate<ClientMessage> wanted, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    int looked = 0;
    lock.lock();
    try {
      while (true) {
        for (; looked < messages.size(); looked++) {
          if (wanted.test(messages.get(looked))) {
            return messages.get(looked);
          }
        }
        long left = deadline - System.nanoTime();
        if (left <= 0 || over) {
          throw new AssertionError(
              (over ? "the socket was closed (" + closeCode + ")" : "no message in " + patience)
                  + " while it waited for "
                  + what
                  + "; the last of "
                  + messages.size()
                  + " are:\n  "
                  + lastOf(messages));
        }
        changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while it waited for " + what, e);
    } finally {
      lock.unlock();
    }
  }

  ClientMessage awaitReply(String request) {
    return await("the reply to " + request, message -> message.replies(request));
  }

  ClientMessage awaitIdle(String request) {
    return await(
        "idle after " + request,
        message -> message.isStatus("idle") && message.parentId().equals(request));
  }

  /** The stream texts that belong to a request, joined. */
  String printed(String request) {
    StringBuilder text = new StringBuilder();
    for (ClientMessage message : messages()) {
      if (message.is("stream") && message.parentId().equals(request)) {
        text.append(message.text());
      }
    }
    return text.toString();
  }

  /** The leading numbers of a request's stream lines, as floods and ticks print them. */
  List<Integer> numbers(String request) {
    return printed(request)
        .lines()
        .filter(line -> !line.startsWith("[elastic-jupyter]"))
        .map(line -> Integer.valueOf(line.split(" ", 2)[0]))
        .toList();
  }

  /** Leaves what comes from now on in the network. */
  void stopReading() {
    lock.lock();
    try {
      reading = false;
    } finally {
      lock.unlock();
    }
  }

  void readOn() {
    int request;
    lock.lock();
    try {
      reading = true;
      request = owed;
      owed = 0;
    } finally {
      lock.unlock();
    }
    if (request > 0) {
      socket.request(request);
    }
  }

  /** Waits until the other side has closed; answers its close code, empty for a lost connection. */
  OptionalInt awaitClosed(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    lock.lock();
    try {
      while (!over) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AssertionError("the socket is still open after " + patience);
        }
        changed.awaitNanos(left);
      }
      return closeCode;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while it waited for the close", e);
    } finally {
      lock.unlock();
    }
  }

  /** Drops the connection as a cut cable would be seen: no close frame. */
  void cut() {
    socket.abort();
  }

  @Override
  public void close() {
    socket.abort();
  }

  private static String lastOf(List<ClientMessage> messages) {
    List<String> last = new ArrayList<>();
    for (ClientMessage message :
        messages.subList(Math.max(0, messages.size() - 12), messages.size())) {
      String content = message.content().toString();
      last.add(
          message.channel()
              + " "
              + message.type()
              + " "
              + content.substring(0, Math.min(200, content.length())));
    }
    return String.join("\n  ", last);
  }

  private final class Reader implements WebSocket.Listener {

    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] piece = new byte[data.remaining()];
      data.get(piece);
      binary.writeBytes(piece);
      if (last) {
        keep(ClientMessage.ofV1(binary.toByteArray()));
        binary.reset();
      }
      demand(from);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        keep(ClientMessage.ofLegacy(text.toString()));
        text.setLength(0);
      }
      demand(from);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer data) {
      // The JDK has sent the pong already.
      demand(from);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      end(Optional.of(code));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      end(Optional.empty());
    }

    private void demand(WebSocket from) {
      lock.lock();
      try {
        if (!reading) {
          owed++;
          return;
        }
      } finally {
        lock.unlock();
      }
      from.request(1);
    }

    private void keep(ClientMessage message) {
      lock.lock();
      try {
        messages.add(message);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private void end(Optional<Integer> code) {
      lock.lock();
      try {
        closeCode = code.isPresent() ? OptionalInt.of(code.get()) : OptionalInt.empty();
        over = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
