// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import java.util.Locale;

/**
 * Tells from a kernel's last words whether somebody took a port between its choice and its use. The
 * phrase is the system's text for EADDRINUSE, which every language passes on.
 */
final class PortClash {

  private PortClash() {}

  static boolean isTold(String output) {
    return output.toLowerCase(Locale.ROOT).contains("address already in use");
  }
}
