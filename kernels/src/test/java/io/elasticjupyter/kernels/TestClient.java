// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.Messages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A client at a kernel, as a websocket would be: takes everything and confirms it at once. */
final class TestClient implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String session;
  private final Attachment attachment;
  private final Messages messages;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final AtomicReference<Delivery.@Nullable EndReason> end = new AtomicReference<>();
  private final Thread reader;

  /** A message, taken apart. */
  record Received(Channel channel, String type, String parentId, JsonNode content, long sequence) {}

  private TestClient(Kernel kernel, String session) {
    this.session = session;
    this.attachment = kernel.attach(Optional.of(session));
    this.messages =
        new Messages(() -> UUID.randomUUID().toString(), InstantSource.system(), session, "test");
    this.reader = Thread.ofVirtual().start(this::read);
  }

  static TestClient attach(Kernel kernel, String session) {
    return new TestClient(kernel, session);
  }

  private void read() {
    try {
      while (true) {
        switch (attachment.take(1 << 20, Duration.ofSeconds(1))) {
          case Delivery.Messages batch -> batch.messages().forEach(this::note);
          case Delivery.Nothing _ -> {}
          case Delivery.Ended ended -> {
            end.set(ended.reason());
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void note(Delivery.Numbered numbered) {
    JupyterMessage message = numbered.message();
    received.add(
        new Received(
            message.channel(),
            json(message.header()).path("msg_type").asText(),
            json(message.parentHeader()).path("msg_id").asText(),
            json(message.content()),
            numbered.sequence()));
    attachment.acknowledge(numbered.sequence());
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a cell; gives its message id. */
  String run(String code) throws InterruptedException {
    ObjectNode content =
        JsonNodeFactory.instance
            .objectNode()
            .put("code", code)
            .put("silent", false)
            .put("store_history", true)
            .put("allow_stdin", true)
            .put("stop_on_error", true);
    content.putObject("user_expressions");
    return send(Channel.SHELL, "execute_request", content);
  }

  String send(Channel channel, String type, ObjectNode content) throws InterruptedException {
    JupyterMessage message = messages.message(channel, type, Messages.NO_PARENT, content);
    attachment.submit(message);
    return json(message.header()).path("msg_id").asText();
  }

  /** Runs a cell and waits for its reply and its idle status; gives what it printed. */
  String runToEnd(String code) throws InterruptedException {
    String id = run(code);
    awaitReply(id);
    await(m -> m.type().equals("status") && m.parentId().equals(id) && isIdle(m));
    return printed(id);
  }

  private static boolean isIdle(Received message) {
    return message.content().path("execution_state").asText().equals("idle");
  }

  Received awaitReply(String id) {
    return await(m -> m.channel() == Channel.SHELL && m.parentId().equals(id));
  }

  Received await(Predicate<Received> wanted) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> received.stream().anyMatch(wanted));
    return received.stream().filter(wanted).findFirst().orElseThrow();
  }

  /** All text of stdout below a cell. */
  String printed(String id) {
    StringBuilder text = new StringBuilder();
    for (Received message : received) {
      if (message.type().equals("stream")
          && message.parentId().equals(id)
          && message.content().path("name").asText().equals("stdout")) {
        text.append(message.content().path("text").asText());
      }
    }
    return text.toString();
  }

  List<Received> received() {
    return List.copyOf(received);
  }

  String session() {
    return session;
  }

  Delivery.EndReason awaitEnd() {
    return Awaitility.await().atMost(PATIENCE).until(end::get, reason -> reason != null);
  }

  @Override
  public void close() {
    attachment.close();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
