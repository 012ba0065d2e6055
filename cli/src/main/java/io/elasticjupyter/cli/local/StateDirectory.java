// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.cli.settings.Values;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The folder in which a gateway keeps what it must know after a restart, open for one gateway at a
 * time. Only its owner may look in: keys of kernels and the token are there.
 */
public final class StateDirectory implements AutoCloseable {

  private static final Set<PosixFilePermission> FOR_ITS_OWNER =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> NEW_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** For a gateway that is ending just now, as in a restart by a service manager. */
  private static final Duration PATIENCE_FOR_PREDECESSOR = Duration.ofSeconds(5);

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  private final Path path;
  private final FileChannel channel;

  private StateDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Where the state of {@code program} is kept for this user (XDG base directory specification,
   * {@code XDG_STATE_HOME}).
   */
  static Path ofUser(Console console, String program) {
    String xdg = console.environment().getOrDefault("XDG_STATE_HOME", "");
    Path base =
        xdg.startsWith("/") ? Path.of(xdg) : console.home().resolve(".local").resolve("state");
    return base.resolve("elastic-jupyter").resolve(program);
  }

  /** The one that the settings name, or the program's own of this user. */
  public static StateDirectory ofProgram(Values values, Console console, String program)
      throws ProgramFailure {
    Path path = values.get(ServiceOptions.STATE_DIR).orElseGet(() -> ofUser(console, program));
    return open(path, PATIENCE_FOR_PREDECESSOR);
  }

  /**
   * Opens it, made if it is missing.
   *
   * @param patience how long another gateway may take to let it go, for one that is ending just now
   */
  static StateDirectory open(Path path, Duration patience) throws ProgramFailure {
    try {
      Files.createDirectories(path, PosixFilePermissions.asFileAttribute(FOR_ITS_OWNER));
      if (!EnumSet.copyOf(Files.getPosixFilePermissions(path)).equals(FOR_ITS_OWNER)) {
        Files.setPosixFilePermissions(path, FOR_ITS_OWNER);
      }
      return new StateDirectory(path, locked(path, patience));
    } catch (IOException failure) {
      throw new ProgramFailure(
          "the state directory %s cannot be used: %s; choose another with --state-dir"
              .formatted(path, failure),
          failure);
    }
  }

  private static FileChannel locked(Path path, Duration patience)
      throws IOException, ProgramFailure {
    Path file = path.resolve("gateway.lock");
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            NEW_FILE);
    long end = System.nanoTime() + patience.toNanos();
    while (!isLocked(channel)) {
      if (System.nanoTime() - end >= 0) {
        String owner = Files.readString(file).strip();
        channel.close();
        throw new ProgramFailure(
            "another gateway%s uses the state directory %s; stop it, or choose another directory with --state-dir"
                .formatted(owner.isEmpty() ? "" : " (process " + owner + ")", path));
      }
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
    byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(pid), 0);
    return channel;
  }

  /** The lock goes with the channel, and with the process however that ends. */
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  /** The folder itself. */
  public Path path() {
    return path;
  }

  /** What is kept under this name; empty where nothing is. */
  Optional<String> read(String name) throws ProgramFailure {
    Path file = path.resolve(name);
    try {
      return Files.exists(file)
          ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
          : Optional.empty();
    } catch (IOException failure) {
      throw new ProgramFailure(file + " cannot be read: " + failure, failure);
    }
  }

  /** Keeps a short text, readable by its owner only; replaced as a whole or not at all. */
  void write(String name, String text) throws ProgramFailure {
    Path file = path.resolve(name);
    Path draft = path.resolve(name + ".new");
    try {
      Files.deleteIfExists(draft);
      Files.createFile(draft, NEW_FILE);
      Files.writeString(draft, text + "\n");
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new ProgramFailure(file + " cannot be written: " + failure, failure);
    }
  }

  @Override
  public void close() throws ProgramFailure {
    try {
      channel.close();
    } catch (IOException failure) {
      throw new ProgramFailure("the lock of " + path + " cannot be released", failure);
    }
  }
}
