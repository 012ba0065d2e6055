// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who may come to the {@link SnapshotServer} now. A token is good for the snapshots of one kernel
 * and for as long as one call to the helper inside it goes on, since what runs in a kernel can read
 * it. Safe for any thread.
 */
public final class Grants {

  private static final int TOKEN_BYTES = 32;

  private final Map<String, Granted> grants = new ConcurrentHashMap<>();
  private final SecureRandom random;

  /** Nobody yet. */
  public Grants(SecureRandom random) {
    this.random = random;
  }

  /** Makes a token. */
  String open(Granted granted) {
    byte[] token = new byte[TOKEN_BYTES];
    random.nextBytes(token);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    grants.put(text, granted);
    return text;
  }

  /** What a token is good for, while its call goes on. */
  Optional<Granted> of(String token) {
    return Optional.ofNullable(grants.get(token));
  }

  void close(String token) {
    grants.remove(token);
  }
}
