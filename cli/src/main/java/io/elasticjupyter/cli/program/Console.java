// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.program;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a program speaks to, and the environment that it was started with.
 *
 * @param out for what was asked for: the first line of {@code local}, the demo's timeline
 * @param err for everything else
 */
public record Console(PrintStream out, PrintStream err, Map<String, String> environment) {

  public Console {
    environment = Map.copyOf(environment);
  }

  /** The person's home folder: {@code HOME}, which may be set to another than the system's. */
  public Path home() {
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.startsWith("/") ? home : System.getProperty("user.home"));
  }

  /** A remark for the person in front; never for scripts. */
  public void say(String remark) {
    err.println(remark);
    err.flush();
  }

  /** The result that was asked for, one line of it. */
  public void print(String line) {
    out.println(line);
    out.flush();
  }
}
