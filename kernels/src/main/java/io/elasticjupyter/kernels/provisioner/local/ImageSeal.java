// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.KernelFailure.ImageFailed;
import io.elasticjupyter.wire.json.PooledJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is noted of the image of a process beside its files, with a MAC over it: which files there
 * are and what is in them, whose process it was, and since when the machine runs. To bring a
 * process back is to run whatever the files say, so they have to be those that this gateway wrote.
 *
 * @param pid of the process
 * @param kernelspec that it was started from
 * @param boot what the system calls its own run, which another one does not have
 * @param files by name, the SHA-256 of each
 */
record ImageSeal(long pid, String kernelspec, String boot, Map<String, String> files) {

  static final String NAME = "image.json";

  private static final String FORMAT = "elastic-process-image/1";
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final JsonMapper JSON = PooledJson.mapper().build();
  private static final int BUFFER = 1 << 20;

  ImageSeal {
    files = Map.copyOf(files);
  }

  /** What the system calls its own run. */
  static String bootNow() throws IOException {
    return Files.readString(BOOT).strip();
  }

  /** Looks at the files of an image; logs, which are written at each use, are none of it. */
  static Map<String, String> digests(Path folder) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (!name.equals(NAME) && !isLog(name)) {
          digests.put(name, digest(file));
        }
      }
    }
    return digests;
  }

  private static boolean isLog(String name) {
    return name.endsWith(".log") || name.startsWith("stats-");
  }

  private static String digest(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file.getFileName() + " is no file");
    }
    MessageDigest digest = sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(buffer) >= 0) {
        digest.update(buffer.flip());
        buffer.clear();
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Notes it, as the last of the files: without it there is no image. */
  void write(Path folder, byte[] key) throws IOException {
    byte[] noted = JSON.writeValueAsBytes(document());
    ObjectNode sealed = JSON.createObjectNode();
    sealed.put("seal", noted).put("mac", mac(key, noted));
    Path file = folder.resolve(NAME);
    try (FileChannel channel =
        FileChannel.open(
            file,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(sealed));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private ObjectNode document() {
    ObjectNode document =
        JSON.createObjectNode()
            .put("format", FORMAT)
            .put("pid", pid)
            .put("kernelspec", kernelspec)
            .put("boot", boot);
    ObjectNode list = document.putObject("files");
    new TreeMap<>(files).forEach(list::put);
    return document;
  }

  /**
   * Reads what is noted.
   *
   * @throws ImageFailed if this gateway did not note it so for that key
   */
  static ImageSeal read(Path folder, byte[] key) throws ImageFailed {
    try {
      JsonNode sealed = JSON.readTree(folder.resolve(NAME).toFile());
      byte[] noted = sealed.path("seal").binaryValue();
      byte[] mac = sealed.path("mac").binaryValue();
      if (noted == null || mac == null || !MessageDigest.isEqual(mac, mac(key, noted))) {
        throw new ImageFailed("its image is not what this gateway wrote.");
      }
      JsonNode document = JSON.readTree(noted);
      if (!document.path("format").asText().equals(FORMAT)) {
        throw new ImageFailed("its image is of another version of the gateway.");
      }
      Map<String, String> files = new TreeMap<>();
      document
          .path("files")
          .properties()
          .forEach(each -> files.put(each.getKey(), each.getValue().asText()));
      return new ImageSeal(
          document.path("pid").asLong(),
          document.path("kernelspec").asText(),
          document.path("boot").asText(),
          files);
    } catch (IOException e) {
      throw new ImageFailed("its image cannot be read: " + e.getMessage());
    }
  }

  /**
   * Looks whether the files are those that were noted.
   *
   * @throws ImageFailed if they are not
   */
  void check(Path folder) throws ImageFailed {
    try {
      Map<String, String> found = digests(folder);
      if (!found.equals(files)) {
        throw new ImageFailed("its image is damaged.");
      }
    } catch (IOException e) {
      throw new ImageFailed("its image cannot be read: " + e.getMessage());
    }
  }

  private static byte[] mac(byte[] key, byte[] noted) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(noted);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }
}
