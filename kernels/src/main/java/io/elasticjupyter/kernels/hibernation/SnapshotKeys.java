// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.kernels.KernelId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The keys by which a snapshot is known as this gateway's and this kernel's: loading one runs code,
 * so whoever can write to the place where it is kept must not be able to make one. Derived with
 * HKDF (RFC 5869) from one secret. Safe for any thread.
 */
public final class SnapshotKeys {

  private static final String FILE = "snapshot.key";
  private static final int LENGTH = 32;
  private static final int OWNER_LENGTH = 12;
  private static final int SHORTEST_SECRET = 16;

  private final byte[] secret;

  /**
   * @param secret at least 16 random bytes
   */
  public SnapshotKeys(byte[] secret) {
    if (secret.length < SHORTEST_SECRET) {
      throw new IllegalArgumentException("a secret of fewer than 16 bytes");
    }
    this.secret = secret.clone();
  }

  /**
   * Takes the secret from {@code snapshot.key} in the state directory; made where it is missing.
   */
  public static SnapshotKeys inDirectory(Path stateDirectory, SecureRandom random)
      throws IOException {
    Path file = stateDirectory.resolve(FILE);
    byte[] fresh = new byte[LENGTH];
    random.nextBytes(fresh);
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(ByteBuffer.wrap(fresh));
      return new SnapshotKeys(fresh);
    } catch (FileAlreadyExistsException there) {
      byte[] secret = Files.readAllBytes(file);
      if (secret.length < LENGTH) {
        throw new IOException(
            file
                + " is damaged: it should hold 32 random bytes. Delete it; kernels that hibernate"
                + " now cannot be woken with their variables then.",
            there);
      }
      return new SnapshotKeys(secret);
    }
  }

  /** The key of one snapshot. */
  public byte[] of(KernelId kernel, int generation) {
    return derived("elastic-jupyter snapshot\0" + kernel + "\0" + generation, LENGTH);
  }

  /** The key of the image of a process that lies beside one snapshot. */
  public byte[] ofImage(KernelId kernel, int generation) {
    return derived("elastic-jupyter process image\0" + kernel + "\0" + generation, LENGTH);
  }

  /**
   * A name of whoever has this secret, which does not tell it: so that gateways share a place and
   * none takes another's snapshots for its own.
   */
  public String owner() {
    return HexFormat.of().formatHex(derived("elastic-jupyter owner of snapshots", OWNER_LENGTH));
  }

  private byte[] derived(String purpose, int length) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(
              HKDFParameterSpec.ofExtract()
                  .addIKM(secret)
                  .thenExpand(purpose.getBytes(UTF_8), length));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java 25 has HKDF", e);
    }
  }
}
