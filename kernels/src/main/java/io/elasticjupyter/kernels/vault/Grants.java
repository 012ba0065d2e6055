// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import io.elasticjupyter.kernels.hibernation.SnapshotFolder;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Use;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who may come to the vault now. A token is good for the folder of one kernel and for as long as
 * one call to the helper inside it goes on, since what runs in a kernel can read it. Safe for any
 * thread.
 */
final class Grants {

  private static final int TOKEN_BYTES = 32;

  private final Map<String, Grant> grants = new ConcurrentHashMap<>();
  private final SecureRandom random;

  Grants(SecureRandom random) {
    this.random = random;
  }

  /**
   * What one token is good for.
   *
   * @param left bytes that may still be written
   */
  record Grant(SnapshotFolder folder, Use use, AtomicLong left) {

    /** Whether so many bytes more may be written; they count from now on. */
    boolean takes(long bytes) {
      return left.addAndGet(-bytes) >= 0;
    }
  }

  /**
   * Makes a token.
   *
   * @param most bytes that may be written with it
   */
  String open(Path folder, Use use, long most) {
    byte[] token = new byte[TOKEN_BYTES];
    random.nextBytes(token);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    grants.put(text, new Grant(new SnapshotFolder(folder), use, new AtomicLong(most)));
    return text;
  }

  /** The grant of a token, while its call goes on. */
  Optional<Grant> of(String token) {
    return Optional.ofNullable(grants.get(token));
  }

  void close(String token) {
    grants.remove(token);
  }
}
