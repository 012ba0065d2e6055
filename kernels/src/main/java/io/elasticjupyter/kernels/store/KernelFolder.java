// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.store;

import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.elasticjupyter.wire.json.PooledJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A kernel's folder: {@code kernel.json}, {@code clients.json}, {@code requests.journal}, the log's
 * segments, and what the provisioner puts there. Whoever can read it can run code as the kernel's
 * user, so it is the owner's alone. Writes replace whole files.
 */
public final class KernelFolder {

  static final FileAttribute<?> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final JsonMapper JSON =
      PooledJson.mapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(Instant.class, new InstantReader()))
          .build();

  private final Path path;

  KernelFolder(Path path) {
    this.path = path;
  }

  public Path path() {
    return path;
  }

  public Path journal() {
    return path.resolve("requests.journal");
  }

  public Path log() {
    return path.resolve("log");
  }

  public void write(KernelRecord record) throws IOException {
    replace("kernel.json", JSON.writeValueAsBytes(record));
  }

  public void write(ClientsRecord record) throws IOException {
    replace("clients.json", JSON.writeValueAsBytes(record));
  }

  /** Reads {@code kernel.json}; throws where it is absent or damaged. */
  KernelRecord readKernel() throws IOException {
    return JSON.readValue(path.resolve("kernel.json").toFile(), KernelRecord.class);
  }

  /** Reads {@code clients.json}; empty where it is absent, throws where it is damaged. */
  public Optional<ClientsRecord> readClients() throws IOException {
    Path file = path.resolve("clients.json");
    return Files.exists(file)
        ? Optional.of(JSON.readValue(file.toFile(), ClientsRecord.class))
        : Optional.empty();
  }

  private void replace(String name, byte[] bytes) throws IOException {
    Files.createDirectories(path, OWNER_FOLDER);
    Path temporary = path.resolve("." + name + ".tmp");
    Files.deleteIfExists(temporary);
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (SeekableByteChannel channel = Files.newByteChannel(temporary, options, OWNER_FILE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
    Files.move(
        temporary,
        path.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Deletes the folder and everything in it. */
  public void delete() throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(path)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }

  private static final class InstantReader extends FromStringDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantReader() {
      super(Instant.class);
    }

    @Override
    protected Instant _deserialize(String value, DeserializationContext context) {
      return Instant.parse(value);
    }
  }
}
