// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.store;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A kernel's folder: {@code kernel.json}, {@code clients.json}, {@code requests.journal}, {@code
 * held}, the log's segments, and what the provisioner puts there. Whoever can read it can run code
 * as the kernel's user, so it is the owner's alone. Writes replace whole files.
 */
public final class KernelFolder {

  static final FileAttribute<?> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final JsonMapper JSON = StoredJson.mapper();
  private static final String JOURNAL = "requests.journal";
  private static final String HELD = "held";

  private final Path path;

  KernelFolder(Path path) {
    this.path = path;
  }

  public Path path() {
    return path;
  }

  public Path journal() {
    return path.resolve(JOURNAL);
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

  /** Notes what waits for the kernel, in the form of log entries. */
  public void writeHeld(byte[] entries) throws IOException {
    replace(HELD, entries);
  }

  /** What waited for the kernel; empty where nothing did. */
  public byte[] readHeld() throws IOException {
    Path file = path.resolve(HELD);
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  /** Notes everything but the log, as another gateway had it. */
  public void write(KernelState state) throws IOException {
    replace(JOURNAL, state.requests());
    writeHeld(state.held());
    write(state.clients());
    write(state.kernel());
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
}
