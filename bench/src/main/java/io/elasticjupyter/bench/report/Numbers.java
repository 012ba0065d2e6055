// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.report;

import java.util.Locale;

/** Writes figures with as many digits as they deserve. */
final class Numbers {
  private Numbers() {}

  static String of(double value) {
    double size = Math.abs(value);
    if (size >= 100 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return size >= 10
        ? String.format(Locale.ROOT, "%.1f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
