// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.kernels.KernelId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sessions in one JSON file, replaced as a whole and at once: a reader finds the old or the new
 * one. A damaged file is set aside beside itself.
 */
public final class SessionFile implements SessionStore {

  private static final System.Logger LOG = System.getLogger(SessionFile.class.getName());
  private static final String NAME = "sessions.json";

  private final Path file;

  /**
   * Keeps sessions there.
   *
   * @param directory made where it is missing
   */
  public SessionFile(Path directory) throws IOException {
    Files.createDirectories(directory);
    this.file = directory.resolve(NAME);
  }

  @Override
  public List<Session> load() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      Optional<List<Session>> sessions =
          Json.parsed(Files.readString(file, StandardCharsets.UTF_8))
              .flatMap(SessionFile::sessions);
      if (sessions.isPresent()) {
        return sessions.get();
      }
      setAside("it is no list of sessions");
    } catch (IOException e) {
      setAside(e.toString());
    }
    return List.of();
  }

  private void setAside(String why) {
    Path damaged = file.resolveSibling(NAME + ".damaged");
    try {
      Files.move(file, damaged, StandardCopyOption.REPLACE_EXISTING);
      LOG.log(
          System.Logger.Level.WARNING,
          () -> "sessions=set-aside file=%s reason=\"%s\"".formatted(damaged, why));
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          () -> "sessions=unreadable file=%s reason=\"%s\"".formatted(file, why),
          e);
    }
  }

  private static Optional<List<Session>> sessions(JsonNode document) {
    JsonNode list = document.path("sessions");
    if (!list.isArray()) {
      return Optional.empty();
    }
    List<Session> sessions = new ArrayList<>();
    for (JsonNode entry : list) {
      Optional<KernelId> kernel = KernelId.parse(entry.path("kernel").asText(""));
      String id = entry.path("id").asText("");
      if (kernel.isEmpty() || id.isEmpty()) {
        return Optional.empty();
      }
      sessions.add(
          new Session(
              id,
              entry.path("path").asText(""),
              entry.path("name").asText(""),
              entry.path("type").asText(""),
              kernel.get()));
    }
    return Optional.of(sessions);
  }

  @Override
  public void save(List<Session> sessions) throws IOException {
    ObjectNode document = Json.object();
    document.put("version", 1);
    ArrayNode list = document.putArray("sessions");
    for (Session session : sessions) {
      list.addObject()
          .put("id", session.id())
          .put("path", session.path())
          .put("name", session.name())
          .put("type", session.type())
          .put("kernel", session.kernel().value());
    }
    Path fresh = file.resolveSibling(NAME + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(Json.bytes(document));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
