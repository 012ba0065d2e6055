// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import io.elasticjupyter.kernels.KernelId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The one file in which the session of a language without the helper is saved. Kernels write it;
 * the gateway seals it with a MAC beside it, and lets nothing be restored whose seal is broken. The
 * key never reaches the kernel. Reads the whole file, so not from a kernel's own thread.
 */
final class SessionFile {

  private static final String FORMAT = "elastic-snapshot-file/1";
  private static final String SEAL = ".mac";
  private static final int BUFFER = 1 << 20;
  private static final HexFormat HEX = HexFormat.of();

  private final Path file;
  private final byte[] key;
  private final byte[] head;

  SessionFile(Path file, byte[] key, KernelId kernel, int generation) {
    this.file = file;
    this.key = key.clone();
    this.head =
        (FORMAT + "\0" + kernel + "\0" + generation + "\0").getBytes(StandardCharsets.UTF_8);
  }

  /** Why a file is no snapshot, with the code that the helper would use. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;
    private final String code;

    Unfit(String code, String message) {
      super(message);
      this.code = code;
    }

    HelperAnswer.Failed failed() {
      return new HelperAnswer.Failed(code, String.valueOf(getMessage()));
    }
  }

  /** What a file holds, as it was sealed. */
  record Sealed(String digest, long size) {}

  private record Read(String digest, byte[] mac, long size) {}

  /** Takes in what a kernel has just written: on disk, and with its seal, when this returns. */
  Sealed seal(long maxBytes) throws Unfit, IOException {
    requireFile("wrote nothing to the file that it was given");
    long size = Files.size(file);
    if (size == 0) {
      throw new Unfit("nothing-saved", "The kernelspec's text for saving wrote an empty file.");
    }
    if (size > maxBytes) {
      throw tooLarge(size, maxBytes);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Read read = read();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    writeSeal(read.mac());
    return new Sealed(read.digest(), read.size());
  }

  private static Unfit tooLarge(long size, long maxBytes) {
    return new Unfit(
        "too-large", "%,d bytes are more than the %,d that are allowed".formatted(size, maxBytes));
  }

  private void requireFile(String otherwise) throws Unfit {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Unfit("nothing-saved", "The kernelspec's text for saving " + otherwise + ".");
    }
  }

  private void writeSeal(byte[] mac) throws IOException {
    Path working = beside(".tmp");
    Files.deleteIfExists(working);
    try (FileChannel channel =
        FileChannel.open(
            working,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer text = ByteBuffer.wrap(HEX.formatHex(mac).getBytes(StandardCharsets.US_ASCII));
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
    Files.move(working, beside(SEAL), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(folder(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /**
   * Looks whether the file is what was sealed, and the one that was pinned.
   *
   * @throws Unfit if it must not be restored
   */
  void check(String digest) throws Unfit, IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !Files.exists(beside(SEAL))) {
      throw new Unfit("missing", "What was saved is not there any more.");
    }
    Read read = read();
    byte[] expected = HEX.formatHex(read.mac()).getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(expected, Files.readAllBytes(beside(SEAL)))) {
      throw new Unfit(
          "wrong-key", "What was saved was changed, or not sealed with this gateway's key.");
    }
    if (!read.digest().equals(digest)) {
      throw new Unfit("wrong-digest", "What was saved is not what was noted when it was.");
    }
  }

  private Read read() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        InputStream in = Channels.newInputStream(channel)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(head);
      byte[] buffer = new byte[BUFFER];
      long size = 0;
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        mac.update(buffer, 0, count);
        size += count;
      }
      return new Read(HEX.formatHex(digest.digest()), mac.doFinal(), size);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java 25 has SHA-256 and HMAC", e);
    }
  }

  private Path beside(String suffix) {
    return folder().resolve(file.getFileName() + suffix);
  }

  private Path folder() {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IllegalStateException("a file without a folder: " + file);
    }
    return folder;
  }
}
