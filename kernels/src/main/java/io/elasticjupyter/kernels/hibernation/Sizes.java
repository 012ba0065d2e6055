// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

/** Sizes for a person. */
public final class Sizes {

  private Sizes() {}

  /** For example {@code 310 MB}, in powers of 1,000. */
  public static String words(long bytes) {
    if (bytes < 1_000_000) {
      return "%.1f kB".formatted(bytes / 1e3);
    }
    return bytes < 1_000_000_000L
        ? "%.0f MB".formatted(bytes / 1e6)
        : "%.2f GB".formatted(bytes / 1e9);
  }
}
