// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.connection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.wire.json.PooledJson;
import io.elasticjupyter.wire.message.Signer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Connection files on disk, for their owner's eyes only. */
public final class ConnectionFile {

  /** Far above any real one; a larger file is not read into memory. */
  private static final long LARGEST = 64 * 1024;

  private static final Set<PosixFilePermission> OWNER_FILE =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final Set<PosixFilePermission> OWNER_DIRECTORY =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private static final JsonMapper MAPPER =
      PooledJson.mapper().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ConnectionFile() {}

  /**
   * Writes {@code file} with mode 0600, at once: a reader sees the old file or the new one. A
   * directory that is missing is made with mode 0700; one that is there is left as it is.
   */
  public static void write(Path file, ConnectionInfo info) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY));
    // A name of its own, so that two writers never share it; left over only by a killed process.
    Path temporary =
        Files.createTempFile(
            directory,
            "." + file.getFileName(),
            ".tmp",
            PosixFilePermissions.asFileAttribute(OWNER_FILE));
    try {
      try (SeekableByteChannel channel =
          Files.newByteChannel(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(MAPPER.writeValueAsBytes(toJson(info)));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Reads a connection file, ours or jupyter_client's.
   *
   * @throws ConnectionException.InvalidFile if it is none, or asks for CurveZMQ, which is not
   *     spoken here
   */
  public static ConnectionInfo read(Path file) throws IOException, ConnectionException {
    if (Files.size(file) > LARGEST) {
      throw new ConnectionException.InvalidFile(file, "is larger than " + LARGEST + " bytes");
    }
    JsonNode json;
    try {
      json = MAPPER.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException _) {
      // Jackson's words quote the file, and so perhaps the key.
      throw new ConnectionException.InvalidFile(file, "is not JSON");
    }
    if (!json.isObject()) {
      throw new ConnectionException.InvalidFile(file, "is no JSON object");
    }
    if (json.hasNonNull("curve_publickey")) {
      throw new ConnectionException.InvalidFile(file, "asks for CurveZMQ encryption");
    }
    return new ConnectionInfo(
        transport(file, json),
        text(file, json, "ip", Optional.empty()),
        port(file, json, "shell_port"),
        port(file, json, "iopub_port"),
        port(file, json, "stdin_port"),
        port(file, json, "control_port"),
        port(file, json, "hb_port"),
        text(file, json, "key", Optional.of("")),
        text(file, json, "signature_scheme", Optional.of(Signer.DEFAULT_SCHEME)),
        text(file, json, "kernel_name", Optional.of("")));
  }

  private static ObjectNode toJson(ConnectionInfo info) {
    return MAPPER
        .createObjectNode()
        .put("shell_port", info.shellPort())
        .put("iopub_port", info.iopubPort())
        .put("stdin_port", info.stdinPort())
        .put("control_port", info.controlPort())
        .put("hb_port", info.hbPort())
        .put("ip", info.ip())
        .put("key", info.key())
        .put("transport", info.transport().wireName())
        .put("signature_scheme", info.signatureScheme())
        .put("kernel_name", info.kernelName());
  }

  private static Transport transport(Path file, JsonNode json) throws ConnectionException {
    return switch (text(file, json, "transport", Optional.of("tcp"))) {
      case "tcp" -> Transport.TCP;
      case "ipc" -> Transport.IPC;
      default -> throw new ConnectionException.InvalidFile(file, "names an unknown transport");
    };
  }

  private static String text(Path file, JsonNode json, String field, Optional<String> absent)
      throws ConnectionException {
    JsonNode value = json.path(field);
    if (value.isTextual()) {
      return value.textValue();
    }
    if (absent.isPresent() && (value.isMissingNode() || value.isNull())) {
      return absent.get();
    }
    throw new ConnectionException.InvalidFile(file, "has no text in its field " + field);
  }

  private static int port(Path file, JsonNode json, String field) throws ConnectionException {
    JsonNode value = json.path(field);
    if (!value.isInt() || value.intValue() < 1 || value.intValue() > LocalPorts.HIGHEST) {
      throw new ConnectionException.InvalidFile(file, "has no port in its field " + field);
    }
    return value.intValue();
  }
}
