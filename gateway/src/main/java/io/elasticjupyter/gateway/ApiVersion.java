// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version that {@code GET /api} tells, written into the jar by the build. */
final class ApiVersion {

  private ApiVersion() {}

  static String read() {
    try (InputStream in = ApiVersion.class.getResourceAsStream("version.txt")) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks version.txt");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
