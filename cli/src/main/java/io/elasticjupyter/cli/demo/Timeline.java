// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.demo;

import io.elasticjupyter.cli.program.Console;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Prints what happened and when, in seconds since the beginning. */
final class Timeline {

  private static final String INDENT = " ".repeat(13);
  private static final int WIDTH = 72;

  private final Console console;
  private final InstantSource clock;
  private final Instant begin;

  Timeline(Console console, InstantSource clock) {
    this.console = console;
    this.clock = clock;
    begin = clock.instant();
  }

  /** What happened just now. */
  void tell(String event) {
    console.print("  %7.2f s  %s".formatted(seconds(begin), event));
  }

  /** More about what was told last. */
  void detail(String line) {
    console.print(INDENT + line);
  }

  /** What the gateway told, word for word, in lines that fit. */
  void quote(String words) {
    StringBuilder line = new StringBuilder();
    for (String word : words.split("\\s+", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
        detail("  | " + line);
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    detail("  | " + line);
  }

  /** A line outside the timeline. */
  void heading(String text) {
    console.print(text);
  }

  Instant now() {
    return clock.instant();
  }

  /** Seconds from a moment until now. */
  double seconds(Instant since) {
    return Duration.between(since, clock.instant()).toNanos() / 1e9;
  }
}
