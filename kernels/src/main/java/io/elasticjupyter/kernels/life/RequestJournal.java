// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.wire.message.Channel;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which cells were running, on disk, so that after the gateway was killed their replies still find
 * their session. A line per event, handed to the operating system at once. Guarded by its owner.
 */
final class RequestJournal {

  private static final System.Logger LOG = System.getLogger(RequestJournal.class.getName());
  private static final JsonMapper JSON = new JsonMapper();

  /** Begun anew at this size when nothing is open. */
  private static final long LARGE = 64 * 1024;

  private final Path file;
  private @Nullable OutputStream out;
  private long written;
  private int open;

  RequestJournal(Path file) {
    this.file = file;
  }

  /** What an earlier run left open; lines that are damaged count for nothing. */
  List<Request> recover() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    Map<String, Request> requests = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      try {
        JsonNode event = JSON.readTree(line);
        String id = event.path("id").asText();
        if (event.path("closed").asBoolean()) {
          requests.remove(id);
        } else {
          parse(id, event).ifPresent(request -> requests.put(id, request));
        }
      } catch (JsonProcessingException torn) {
        LOG.log(Level.WARNING, "event=journal-line-damaged file={0} action=skipped", file);
      }
    }
    open = requests.size();
    return List.copyOf(requests.values());
  }

  private static Optional<Request> parse(String id, JsonNode event) {
    return Channel.named(event.path("channel").asText())
        .map(channel ->
            new Request(
                id,
                event.path("session").asText(),
                channel,
                event.path("type").asText(),
                event.path("header").asText().getBytes(StandardCharsets.UTF_8)));
  }

  void opened(Request request) {
    open++;
    ObjectNode event =
        JSON.createObjectNode()
            .put("id", request.messageId())
            .put("session", request.session())
            .put("channel", request.channel().wireName())
            .put("type", request.messageType())
            .put("header", new String(request.header(), StandardCharsets.UTF_8));
    append(event);
  }

  void closed(String messageId) {
    open = Math.max(0, open - 1);
    append(JSON.createObjectNode().put("id", messageId).put("closed", true));
  }

  private void append(ObjectNode event) {
    try {
      byte[] line = (event + "\n").getBytes(StandardCharsets.UTF_8);
      stream().write(line);
      written += line.length;
      if (open == 0 && written > LARGE) {
        close();
        Files.deleteIfExists(file);
        written = 0;
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=journal-not-written reason={0}", e.toString());
    }
  }

  private OutputStream stream() throws IOException {
    OutputStream stream = out;
    if (stream == null) {
      stream = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      out = stream;
    }
    return stream;
  }

  void close() throws IOException {
    if (out != null) {
      out.close();
      out = null;
    }
  }
}
