// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A folder that a kernel writes to as it likes, while it is looked at: what it puts a symbolic link
 * in the place of is never followed, and everything is reached from the folder that is open.
 */
final class VolumeFolder {

  /** Deeper than anything of ours, and not so deep that it takes the gateway's files or stack. */
  private static final int DEEPEST = 32;

  private final Path path;

  /**
   * @param path itself not within the kernel's reach; may not exist
   */
  VolumeFolder(Path path) {
    this.path = path;
  }

  /** What is done in an open folder. */
  private interface Doing<T> {
    T in(SecureDirectoryStream<Path> folder) throws IOException;
  }

  private <T> T open(T none, Doing<T> doing) throws IOException {
    try (DirectoryStream<Path> folder = Files.newDirectoryStream(path)) {
      return doing.in(secure(folder));
    } catch (NoSuchFileException | NotDirectoryException nothing) {
      return none;
    }
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> folder)
      throws IOException {
    if (folder instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    throw new IOException("this system opens no files relative to a folder");
  }

  /** The bytes of a regular file in a folder of this one; empty where there is none. */
  Optional<byte[]> read(String name, long most) throws IOException {
    int slash = name.indexOf('/');
    Path inner = Path.of(name.substring(0, slash));
    Path file = Path.of(name.substring(slash + 1));
    return open(
        Optional.empty(),
        folder -> {
          if (!attributes(folder, inner).map(BasicFileAttributes::isDirectory).orElse(false)) {
            return Optional.empty();
          }
          try (SecureDirectoryStream<Path> open =
              folder.newDirectoryStream(inner, NOFOLLOW_LINKS)) {
            return read(open, file, most);
          }
        });
  }

  private static Optional<byte[]> read(SecureDirectoryStream<Path> folder, Path file, long most)
      throws IOException {
    // Before it is opened: to open a pipe waits for whoever writes to it.
    Optional<BasicFileAttributes> found = attributes(folder, file);
    if (!found.map(BasicFileAttributes::isRegularFile).orElse(false)) {
      return Optional.empty();
    }
    if (found.get().size() > most) {
      throw new IOException("%s has %,d bytes".formatted(file, found.get().size()));
    }
    try (InputStream in =
        Channels.newInputStream(
            folder.newByteChannel(file, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS)))) {
      return Optional.of(in.readNBytes(Math.toIntExact(most)));
    }
  }

  private static Optional<BasicFileAttributes> attributes(
      SecureDirectoryStream<Path> folder, Path name) throws IOException {
    try {
      return Optional.of(
          folder
              .getFileAttributeView(name, BasicFileAttributeView.class, NOFOLLOW_LINKS)
              .readAttributes());
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  /** How long each regular file is that can be an object of a snapshot. */
  Map<String, Long> sizes() throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    Boolean _ =
        open(
            true,
            folder -> {
              walk(
                  folder,
                  "",
                  DEEPEST,
                  (name, size) -> {
                    if (SnapshotObjects.isName(name)) {
                      sizes.put(name, size);
                    }
                  });
              return true;
            });
    return sizes;
  }

  /** What all regular files take. */
  long bytes() throws IOException {
    long[] sum = {0};
    return open(
        0L,
        folder -> {
          walk(folder, "", DEEPEST, (_, size) -> sum[0] += size);
          return sum[0];
        });
  }

  private interface Found {
    void file(String name, long size);
  }

  private static void walk(
      SecureDirectoryStream<Path> folder, String before, int deepest, Found found)
      throws IOException {
    for (Path each : folder) {
      Path name = each.getFileName();
      Optional<BasicFileAttributes> attributes = attributes(folder, name);
      if (attributes.map(BasicFileAttributes::isRegularFile).orElse(false)) {
        found.file(before + name, attributes.get().size());
      } else if (deepest > 0 && attributes.map(BasicFileAttributes::isDirectory).orElse(false)) {
        try (SecureDirectoryStream<Path> inner = folder.newDirectoryStream(name, NOFOLLOW_LINKS)) {
          walk(inner, before + name + "/", deepest - 1, found);
        } catch (NoSuchFileException | NotDirectoryException _) {
          // Gone since it was looked at: it takes nothing.
        }
      }
    }
  }

  /**
   * Removes everything else.
   *
   * @param isKept asked of what is in the folder, and, with a slash between, of what is in its
   *     folders that are kept
   */
  void keepOnly(Predicate<String> isKept) throws IOException {
    Boolean _ =
        open(
            true,
            folder -> {
              for (Path each : folder) {
                Path name = each.getFileName();
                if (!isKept.test(name.toString())) {
                  remove(folder, name, DEEPEST);
                } else if (attributes(folder, name)
                    .map(BasicFileAttributes::isDirectory)
                    .orElse(false)) {
                  keepOnly(folder, name, isKept);
                }
              }
              return true;
            });
  }

  private static void keepOnly(
      SecureDirectoryStream<Path> folder, Path name, Predicate<String> isKept) throws IOException {
    try (SecureDirectoryStream<Path> inner = folder.newDirectoryStream(name, NOFOLLOW_LINKS)) {
      for (Path each : inner) {
        if (!isKept.test(name + "/" + each.getFileName())) {
          remove(inner, each.getFileName(), DEEPEST);
        }
      }
    }
  }

  private static void remove(SecureDirectoryStream<Path> folder, Path name, int deepest)
      throws IOException {
    Optional<BasicFileAttributes> found = attributes(folder, name);
    if (found.isEmpty()) {
      return;
    }
    if (!found.get().isDirectory()) {
      folder.deleteFile(name);
      return;
    }
    if (deepest == 0) {
      throw new IOException("folders are within each other too deep to be removed");
    }
    try (SecureDirectoryStream<Path> inner = folder.newDirectoryStream(name, NOFOLLOW_LINKS)) {
      for (Path each : inner) {
        remove(inner, each.getFileName(), deepest - 1);
      }
    }
    folder.deleteDirectory(name);
  }

  /** Removes it with everything in it. */
  void delete() throws IOException {
    keepOnly(name -> false);
    Files.deleteIfExists(path);
  }
}
