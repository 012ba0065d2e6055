// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.wire.json.PooledJson;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The names of a snapshot's objects, and what its manifest says of them (decision 16). Pure. */
final class SnapshotObjects {

  static final String PACK = "pack";
  static final String MAC = "manifest.mac";
  static final String MANIFEST = "manifest.json";
  static final String BLOBS = "blobs/";
  static final long LARGEST_MANIFEST = 256L << 20;

  private static final Pattern NAME =
      Pattern.compile(
          "gen-[0-9]{6,10}/(pack|manifest\\.mac|manifest\\.json)|blobs/[0-9a-f]{64}-[0-9]{1,18}");
  private static final JsonMapper JSON = PooledJson.mapper().build();

  private SnapshotObjects() {}

  /** Whether an object can have that name; anything else would be a path to elsewhere. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The folder of a generation, without a slash. */
  static String folder(int generation) {
    return String.format(Locale.ROOT, "gen-%06d", generation);
  }

  /** How long the name of a blob says that it is. */
  static long sizeOf(String blob) {
    return Long.parseLong(blob.substring(blob.indexOf('-') + 1));
  }

  /**
   * What a manifest names.
   *
   * @param packSize negative where it does not say
   * @param blobs without their folder
   */
  record Named(long packSize, Set<String> blobs) {}

  /**
   * Reads a manifest: where each pickle and each buffer lies is {@code [object, offset, size,
   * ...]}.
   */
  static Named named(byte[] manifest) throws IOException {
    JsonNode content = JSON.readTree(manifest);
    Set<String> blobs = new HashSet<>();
    for (JsonNode segment : content.path("segments")) {
      add(segment.path("pickle"), blobs);
      segment.path("buffers").forEach(buffer -> add(buffer, blobs));
    }
    return new Named(content.path("pack").path("size").asLong(-1), blobs);
  }

  /**
   * What of a generation is not there, or not what the helper says that it wrote.
   *
   * @param digest the manifest's, as the helper told it
   * @param sizes of the kernel's objects by their names
   */
  static Optional<String> lacking(
      int generation, byte[] manifest, String digest, Map<String, Long> sizes) throws IOException {
    if (!sha256(manifest).equals(digest)) {
      return Optional.of("the manifest is another");
    }
    Named named = named(manifest);
    String folder = folder(generation) + "/";
    if (!sizes.containsKey(folder + MAC)) {
      return Optional.of("there is no MAC");
    }
    Long pack = sizes.get(folder + PACK);
    if (pack == null || pack != named.packSize()) {
      return Optional.of("the pack has %s bytes instead of %d".formatted(pack, named.packSize()));
    }
    for (String blob : named.blobs()) {
      Long size = sizes.get(BLOBS + blob);
      if (size == null || size != sizeOf(blob)) {
        return Optional.of("blob %s has %s bytes".formatted(blob, size));
      }
    }
    return Optional.empty();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void add(JsonNode place, Set<String> blobs) {
    String object = place.path(0).asText();
    if (isName(BLOBS + object)) {
      blobs.add(object);
    }
  }
}
