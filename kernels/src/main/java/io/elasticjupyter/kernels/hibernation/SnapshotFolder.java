// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.wire.json.PooledJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The snapshots of one kernel as files (decision 16): {@code gen-NNNNNN/} with pack, MAC and
 * manifest, or with the one file {@code session} of a language without the helper, and {@code
 * blobs/}, which generations share. An object is there whole or not at all; nothing is held in
 * memory. One writer at a time.
 */
public final class SnapshotFolder {

  private static final System.Logger LOG = System.getLogger(SnapshotFolder.class.getName());

  private static final Pattern NAME =
      Pattern.compile(
          "gen-[0-9]{6,10}/(pack|manifest\\.mac|manifest\\.json|session)|blobs/[0-9a-f]{64}-[0-9]{1,19}");
  private static final FileAttribute<?> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final int BUFFER = 256 * 1024;
  private static final String UNFINISHED = ".tmp-";
  private static final String BLOBS = "blobs";
  private static final String SESSION = "session";
  private static final JsonMapper JSON = PooledJson.mapper().build();

  private final Path path;

  /**
   * @param path {@code snapshots} in a kernel's folder; may not exist yet
   */
  public SnapshotFolder(Path path) {
    this.path = path;
  }

  /**
   * Those of a kernel whose snapshots are in its own folder.
   *
   * @param kernel its folder
   */
  public static SnapshotFolder of(Path kernel) {
    return new SnapshotFolder(kernel.resolve("snapshots"));
  }

  /** Where they are; may not exist yet. */
  public Path path() {
    return path;
  }

  /** Whether an object can have that name; anything else would be a path to elsewhere. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The file of an object that is there. */
  public Optional<Path> find(String name) {
    Path file = path.resolve(name);
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  /**
   * Takes in an object, on disk when this returns.
   *
   * @param length how many bytes must come
   * @throws IOException if they do not, or the disk does not take them; there is nothing then
   */
  public void put(String name, InputStream bytes, long length) throws IOException {
    Path folder = path.resolve(name.substring(0, name.indexOf('/')));
    String file = name.substring(name.indexOf('/') + 1);
    Path target = folder.resolve(file);
    Files.createDirectories(folder, OWNER_FOLDER);
    Path working = folder.resolve(UNFINISHED + file);
    Files.deleteIfExists(working);
    try {
      write(working, bytes, length);
      Files.move(working, target, StandardCopyOption.ATOMIC_MOVE);
      sync(folder);
      // The folder's own entry: the manifest, which comes last, is what commits a generation.
      sync(path);
    } finally {
      Files.deleteIfExists(working);
    }
  }

  /**
   * Takes in a piece of an object that comes in several, one after another.
   *
   * @param offset how much of it is there; 0 begins anew
   * @param ends whether it is whole with this piece; on disk then when this returns
   * @throws IOException if another piece is missing, or the disk does not take it
   */
  public void append(String name, long offset, byte[] piece, boolean ends) throws IOException {
    Path folder = path.resolve(name.substring(0, name.indexOf('/')));
    String file = name.substring(name.indexOf('/') + 1);
    Files.createDirectories(folder, OWNER_FOLDER);
    Path working = folder.resolve(UNFINISHED + file + "-pieces");
    try (FileChannel out =
        FileChannel.open(
            working, EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_FILE)) {
      if (out.size() < offset) {
        throw new IOException("of what comes before byte %d some is missing".formatted(offset));
      }
      // A piece that is sent again begins where it began before.
      out.truncate(offset);
      ByteBuffer rest = ByteBuffer.wrap(piece);
      while (rest.hasRemaining()) {
        out.write(rest, offset + rest.position());
      }
      if (ends) {
        out.force(true);
      }
    }
    if (ends) {
      Files.move(working, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
      sync(folder);
      sync(path);
    }
  }

  private static void write(Path file, InputStream bytes, long length) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OWNER_FILE)) {
      byte[] buffer = new byte[BUFFER];
      long left = length;
      while (left > 0) {
        int count = bytes.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          throw new IOException("%d of %d bytes did not come".formatted(left, length));
        }
        ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, count);
        while (chunk.hasRemaining()) {
          left -= out.write(chunk);
        }
      }
      out.force(true);
    }
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The one file that a session in another language is saved to; its folder is made. */
  public Path sessionFile(int generation) throws IOException {
    Path folder = path.resolve(folderOf(generation));
    Files.createDirectories(folder, OWNER_FOLDER);
    return folder.resolve(SESSION);
  }

  /**
   * The folder beside a generation's variables that the image of its process is in; may not exist.
   * It is counted with them and goes with them.
   */
  public Path processImage(int generation) {
    return path.resolve(folderOf(generation)).resolve("process");
  }

  /** By what name a kernel hands in, or asks for, the session of a generation. */
  public static String sessionName(int generation) {
    return folderOf(generation) + "/" + SESSION;
  }

  /** Whether a name of an object is that of such a file. */
  public static boolean isSession(String name) {
    return name.endsWith("/" + SESSION);
  }

  private static String folderOf(int generation) {
    return "gen-%06d".formatted(generation);
  }

  /**
   * As {@link #keepOnly}, where what is left over is no reason to fail: it is logged, and goes next
   * time.
   */
  public void tidy(Collection<Integer> generations) {
    try {
      keepOnly(generations);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=old-snapshots-left folder={0} reason={1}", path, e.toString());
    }
  }

  /** Removes every other generation, and the blobs that none of these names. */
  public void keepOnly(Collection<Integer> generations) throws IOException {
    if (!Files.isDirectory(path)) {
      return;
    }
    Set<String> kept =
        generations.stream().map(SnapshotFolder::folderOf).collect(Collectors.toSet());
    for (Path each : listed(path)) {
      String name = each.getFileName().toString();
      if (!name.equals(BLOBS) && !kept.contains(name)) {
        delete(each);
      }
    }
    Set<String> wanted = new HashSet<>();
    for (String each : kept) {
      wanted.addAll(blobsOf(path.resolve(each).resolve("manifest.json")));
    }
    for (Path blob : listed(path.resolve(BLOBS))) {
      if (!wanted.contains(blob.getFileName().toString())) {
        Files.deleteIfExists(blob);
      }
    }
  }

  /** What all of it takes. What goes away meanwhile counts as nothing. */
  public long bytes() {
    if (!Files.isDirectory(path)) {
      return 0;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      return tree.mapToLong(SnapshotFolder::sizeOf).sum();
    } catch (IOException | UncheckedIOException e) {
      LOG.log(
          Level.WARNING, "event=snapshots-not-counted folder={0} reason={1}", path, e.toString());
      return 0;
    }
  }

  private static long sizeOf(Path file) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile() ? attributes.size() : 0;
    } catch (NoSuchFileException gone) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where each pickle and each buffer lies: {@code [object, offset, size, ...]}. */
  private static Set<String> blobsOf(Path manifest) throws IOException {
    Set<String> blobs = new HashSet<>();
    if (Files.exists(manifest)) {
      for (JsonNode segment : JSON.readTree(manifest.toFile()).path("segments")) {
        blobs.add(segment.path("pickle").path(0).asText());
        segment.path("buffers").forEach(buffer -> blobs.add(buffer.path(0).asText()));
      }
    }
    return blobs;
  }

  private static List<Path> listed(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static void delete(Path whole) throws IOException {
    List<Path> parts;
    try (Stream<Path> tree = Files.walk(whole)) {
      parts = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path part : parts) {
      Files.deleteIfExists(part);
    }
  }
}
