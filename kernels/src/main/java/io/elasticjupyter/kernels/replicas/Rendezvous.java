// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Highest random weight (Thaler and Ravishankar, 1998): all who know the same replicas come to the
 * same order for a key, and one that goes changes nothing for the keys of the others. Pure.
 */
final class Rendezvous {

  private Rendezvous() {}

  /** The replicas in the order in which they come into question for the key. */
  static List<Replica> order(String key, Collection<Replica> replicas) {
    return replicas.stream()
        .sorted(
            Comparator.comparingLong((Replica replica) -> weight(key, replica.name()))
                .reversed()
                .thenComparing(Replica::id))
        .toList();
  }

  private static long weight(String key, String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(key.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
