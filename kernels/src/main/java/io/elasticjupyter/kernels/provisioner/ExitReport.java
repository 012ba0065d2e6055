// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a kernel's process ended.
 *
 * @param code its exit code, 128 plus the signal's number where a signal ended it; empty for a
 *     process that was adopted, whose code only its parent learns
 * @param why a whole sentence for the kernel's user, where whatever ran it knows more than a code
 * @param wanted whether somebody wanted it to be gone, so that it is not started again by itself
 */
public record ExitReport(OptionalInt code, Optional<String> why, boolean wanted) {

  /** An end that nobody asked for. */
  public ExitReport(OptionalInt code, Optional<String> why) {
    this(code, why, false);
  }

  /** An end of which nothing but the code is known. */
  public ExitReport(OptionalInt code) {
    this(code, Optional.empty());
  }

  /** A whole sentence about the end. */
  public String told() {
    return why.orElseGet(() -> "The kernel's process " + sentence() + ".");
  }

  private static final int SIGNAL_BASE = 128;

  /** For example {@code was killed by signal 9 (SIGKILL), often for lack of memory}. */
  public String sentence() {
    if (code.isEmpty()) {
      return "ended";
    }
    int value = code.getAsInt();
    if (value > SIGNAL_BASE && value < SIGNAL_BASE + 65) {
      return "was ended by signal " + (value - SIGNAL_BASE) + signalName(value - SIGNAL_BASE);
    }
    return "ended with exit code " + value;
  }

  private static String signalName(int number) {
    return switch (number) {
      case 2 -> " (SIGINT)";
      case 4 -> " (SIGILL, an instruction that this processor does not know)";
      case 6 -> " (SIGABRT, it gave up by itself)";
      case 7 -> " (SIGBUS)";
      case 8 -> " (SIGFPE)";
      case 9 -> " (SIGKILL, often for lack of memory)";
      case 11 -> " (SIGSEGV, a crash in native code)";
      case 15 -> " (SIGTERM)";
      default -> "";
    };
  }
}
