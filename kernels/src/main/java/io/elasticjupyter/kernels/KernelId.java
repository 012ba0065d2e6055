// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The id by which clients, files and log lines name a kernel, usually a version 4 UUID.
 *
 * @param value five groups of word characters joined by hyphens, the form that Enterprise Gateway's
 *     routes accept
 */
public record KernelId(String value) {

  private static final Pattern FORM =
      Pattern.compile("\\w{1,64}-\\w{1,64}-\\w{1,64}-\\w{1,64}-\\w{1,64}");

  public KernelId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a kernel id: five word groups joined by hyphens are");
    }
  }

  /** The id written in {@code text}, or empty where it is not of an id's form. */
  public static Optional<KernelId> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new KernelId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
