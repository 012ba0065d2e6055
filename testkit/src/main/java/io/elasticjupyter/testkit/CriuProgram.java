// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A CRIU that works on this machine, which {@code tools/criu/find} finds or fetches. */
public final class CriuProgram {

  private static final int MINUTES_TO_FETCH = 5;

  private CriuProgram() {}

  /**
   * What was found.
   *
   * @param program empty where there is none
   * @param why there is none
   */
  public record Found(Optional<Path> program, String why) {}

  /** Looks for it, once for one test process. */
  public static Found find() {
    return Once.FOUND;
  }

  private static final class Once {
    static final Found FOUND = look();

    private static Found look() {
      try {
        Process script =
            new ProcessBuilder(ProjectRoot.path().resolve("tools/criu/find").toString())
                .redirectErrorStream(true)
                .start();
        script.getOutputStream().close();
        String said;
        try (InputStream out = script.getInputStream()) {
          said = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
        if (!script.waitFor(MINUTES_TO_FETCH, TimeUnit.MINUTES)) {
          script.destroy();
          return new Found(Optional.empty(), "tools/criu/find does not end");
        }
        String last = said.substring(said.lastIndexOf('\n') + 1);
        return script.exitValue() == 0
            ? new Found(Optional.of(Path.of(last)), "")
            : new Found(Optional.empty(), last);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot run tools/criu/find", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while CRIU was looked for", e);
      }
    }
  }
}
