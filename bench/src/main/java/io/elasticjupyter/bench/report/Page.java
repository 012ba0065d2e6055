// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Markdown page of which people write all but what is between two marks. */
public final class Page {
  private Page() {}

  /**
   * Replaces what is between the marks.
   *
   * @param command that writes it, by which its marks are found
   */
  public static void write(Path file, String command, String tables) throws IOException {
    String begin = "<!-- bench: begin, written by " + command + " -->";
    String page = Files.readString(file);
    int from = page.indexOf(begin);
    int to = page.indexOf("<!-- bench: end -->", Math.max(from, 0));
    if (from < 0 || to < 0) {
      throw new IOException("no marks for the tables in " + file + ": " + begin);
    }
    Files.writeString(
        file, page.substring(0, from + begin.length()) + "\n" + tables + page.substring(to));
  }
}
