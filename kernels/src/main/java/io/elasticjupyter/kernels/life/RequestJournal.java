// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.wire.json.PooledJson;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.MessageHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which cells were running, on disk, so that after the gateway was killed their replies still find
 * their session. A line per event, handed to the operating system at once; begun anew with what is
 * open when it has grown. A damaged journal costs the replies that it would have led home, nothing
 * more. Guarded by its owner.
 */
final class RequestJournal {

  private static final System.Logger LOG = System.getLogger(RequestJournal.class.getName());
  private static final JsonMapper JSON = PooledJson.mapper().build();
  private static final FileAttribute<?> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** Begun anew at this size, or at twice what is open. */
  private static final long LARGE = 64 * 1024;

  /** A larger file is not ours. */
  private static final long LARGEST = 64 * 1024 * 1024;

  private final Path file;
  private final Map<String, Request> open = new LinkedHashMap<>();
  private final Map<String, CellOutcome> outcomes = new HashMap<>();
  private @Nullable OutputStream out;
  private long written;
  private long largest = LARGE;
  private boolean closed;

  RequestJournal(Path file) {
    this.file = file;
  }

  /** What an earlier run left open; lines that are damaged count for nothing. */
  List<Request> recover() {
    open.clear();
    outcomes.clear();
    try {
      if (Files.exists(file)) {
        long size = Files.size(file);
        if (size > LARGEST) {
          throw new IOException("too large: " + size + " bytes");
        }
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
            .lines()
            .forEach(this::recoverLine);
        written = size;
      }
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "event=journal-unreadable file={0} consequence=replies-go-to-everybody reason={1}",
          file,
          e.toString());
      written = LARGEST;
    }
    return List.copyOf(open.values());
  }

  private void recoverLine(String line) {
    try {
      JsonNode event = JSON.readTree(line);
      String id = event.path("id").asText();
      if (event.path("closed").asBoolean()) {
        open.remove(id);
        outcomes.remove(id);
      } else if (event.has("count")) {
        outcomes.put(
            id, new CellOutcome(event.path("count").asInt(), null, event.path("idle").asBoolean()));
      } else {
        parse(id, event).ifPresent(request -> open.put(id, request));
      }
    } catch (JsonProcessingException | MessageException torn) {
      LOG.log(Level.WARNING, "event=journal-line-damaged file={0} action=skipped", file);
    }
  }

  private static Optional<Request> parse(String id, JsonNode event) throws MessageException {
    Optional<Channel> channel = Channel.named(event.path("channel").asText());
    if (channel.isEmpty()) {
      return Optional.empty();
    }
    byte[] header = event.path("header").asText().getBytes(StandardCharsets.UTF_8);
    // An answer in the kernel's place needs a header that can be read.
    MessageHeader.parse(header);
    String type = event.path("type").asText();
    return Optional.of(
        new Request(id, event.path("session").asText(), channel.get(), type, header));
  }

  void opened(Request request) {
    open.put(request.messageId(), request);
    append(line(request));
  }

  /** What the kernel has published about a cell that is open. */
  CellOutcome outcome(String messageId) {
    return outcomes.getOrDefault(messageId, CellOutcome.NOTHING);
  }

  /** Notes that; of an error, only for this run of the gateway. */
  void noted(String messageId, CellOutcome outcome) {
    if (open.containsKey(messageId)) {
      CellOutcome before = outcomes.put(messageId, outcome);
      if (before == null || before.count() != outcome.count() || before.idle() != outcome.idle()) {
        append(line(messageId, outcome));
      }
    }
  }

  private static ObjectNode line(String messageId, CellOutcome outcome) {
    return JSON.createObjectNode()
        .put("id", messageId)
        .put("count", outcome.count())
        .put("idle", outcome.idle());
  }

  void closed(String messageId) {
    outcomes.remove(messageId);
    if (open.remove(messageId) != null) {
      append(JSON.createObjectNode().put("id", messageId).put("closed", true));
    }
  }

  private static ObjectNode line(Request request) {
    return JSON.createObjectNode()
        .put("id", request.messageId())
        .put("session", request.session())
        .put("channel", request.channel().wireName())
        .put("type", request.messageType())
        .put("header", new String(request.header(), StandardCharsets.UTF_8));
  }

  /** A journal of what is open. */
  byte[] content() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    open.values().forEach(request -> all.writeBytes(bytes(line(request))));
    outcomes.forEach((id, outcome) -> all.writeBytes(bytes(line(id, outcome))));
    return all.toByteArray();
  }

  private static byte[] bytes(ObjectNode event) {
    byte[] json;
    try {
      json = JSON.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an object of texts is JSON", e);
    }
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }

  private void append(ObjectNode event) {
    if (closed) {
      return;
    }
    try {
      if (written > largest) {
        beginAnew();
      } else {
        byte[] line = bytes(event);
        stream().write(line);
        written += line.length;
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=journal-not-written reason={0}", e.toString());
    }
  }

  /** Replaces the file by one with what is open. */
  private void beginAnew() throws IOException {
    closeStream();
    byte[] all = content();
    Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
    Files.deleteIfExists(temporary);
    try (OutputStream fresh = create(temporary, StandardOpenOption.CREATE_NEW)) {
      fresh.write(all);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    written = all.length;
    largest = Math.max(LARGE, 2 * written);
  }

  private OutputStream stream() throws IOException {
    OutputStream stream = out;
    if (stream == null) {
      stream = create(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      out = stream;
    }
    return stream;
  }

  private static OutputStream create(Path file, StandardOpenOption... how) throws IOException {
    Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.WRITE, how);
    return Channels.newOutputStream(FileChannel.open(file, options, OWNER_FILE));
  }

  private void closeStream() throws IOException {
    if (out != null) {
      out.close();
      out = null;
    }
  }

  /** Writes nothing any more. */
  void close() {
    closed = true;
    try {
      closeStream();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=journal-not-closed reason={0}", e.toString());
    }
  }
}
