// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.program;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends what a program has started, the last first, when its process ends for whatever reason:
 * Ctrl-C, SIGTERM, or because its work is done.
 */
public final class OrderlyEnd {

  private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final Console console;

  /** Hooks into the end of the process. */
  public OrderlyEnd(Console console) {
    this.console = console;
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("orderly-end").unstarted(this::end));
  }

  /** Takes over the closing of what was just started. */
  public <T extends AutoCloseable> T closing(T started) {
    open.push(started);
    return started;
  }

  /** Does this unless the process is ending already, when it would only disturb. */
  public void unlessEnding(Runnable work) {
    if (!ending.get()) {
      work.run();
    }
  }

  private void end() {
    ending.set(true);
    for (AutoCloseable one : open) {
      try {
        one.close();
      } catch (Exception failure) {
        // The others must be closed as well, and nobody is left to hand this to.
        console.say("elastic-jupyter: could not end in order: " + failure);
      }
    }
  }
}
