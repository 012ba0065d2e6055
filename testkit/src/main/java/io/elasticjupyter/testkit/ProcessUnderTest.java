// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * A program that a test starts, listens to and ends. Of its output the last {@value #KEPT_LINES}
 * lines are kept, standard output and error together; a failed wait shows them. {@link #close}
 * leaves neither it nor a descendant behind.
 */
public final class ProcessUnderTest implements AutoCloseable {

  private static final int KEPT_LINES = 2000;
  private static final Duration PATIENCE_TO_END = Duration.ofSeconds(20);

  private final String name;
  private final Process process;
  private final List<Thread> readers = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private int open = 2;

  private ProcessUnderTest(String name, Process process) {
    this.name = name;
    this.process = process;
    readers.add(Thread.startVirtualThread(() -> read(process.getInputStream())));
    readers.add(Thread.startVirtualThread(() -> read(process.getErrorStream())));
  }

  /**
   * Starts a program.
   *
   * @param name what failures call it
   * @param directory where it runs
   * @param env added to this process's environment; an empty value takes the variable away
   * @param command the program and its arguments
   */
  public static ProcessUnderTest start(
      String name, Path directory, Map<String, String> env, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    env.forEach((variable, value) -> {
      if (value.isEmpty()) {
        builder.environment().remove(variable);
      } else {
        builder.environment().put(variable, value);
      }
    });
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return new ProcessUnderTest(name, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it said so far, of both streams, as far as it is kept. */
  public List<String> output() {
    lock.lock();
    try {
      return List.copyOf(lines);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a line, looking at those that were said before as well.
   *
   * @throws AssertionError if it ends or the time is over without the line; shows what it said
   */
  public String awaitLine(Predicate<String> wanted, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    lock.lock();
    try {
      while (true) {
        for (String line : lines) {
          if (wanted.test(line)) {
            return line;
          }
        }
        long left = deadline - System.nanoTime();
        if (open == 0) {
          throw failure("ended without the line that was waited for");
        }
        if (left <= 0) {
          throw failure("did not say the line that was waited for in " + patience);
        }
        changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("was waited for when this thread was interrupted");
    } finally {
      lock.unlock();
    }
  }

  /** Waits for its end and all it said before; answers its exit code. */
  public int awaitExit(Duration patience) {
    try {
      if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw failure("did not end in " + patience);
      }
      // A grandchild may hold the streams open, so not without limit.
      for (Thread reader : readers) {
        reader.join(Duration.ofSeconds(2));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("was waited for when this thread was interrupted");
    }
  }

  /** Asks it to end (SIGTERM); does not wait. */
  public void terminate() {
    // Not Process.destroy(), which closes the streams too, and what it says at its end is lost.
    process.toHandle().destroy();
  }

  /** Ends it the hard way (SIGKILL) and waits until it is gone; its children live on. */
  public void kill() {
    process.destroyForcibly();
    awaitExit(PATIENCE_TO_END);
  }

  /** Ends it and all its descendants, in good order if they can, and waits until they are gone. */
  @Override
  public void close() {
    List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
    terminate();
    try {
      if (!process.waitFor(PATIENCE_TO_END.toNanos(), TimeUnit.NANOSECONDS)) {
        process.destroyForcibly();
        process.waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    for (ProcessHandle member : family) {
      member.destroyForcibly();
    }
    for (ProcessHandle member : family) {
      member.onExit().join();
    }
  }

  private void read(InputStream stream) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        keep(line);
      }
    } catch (IOException e) {
      keep("(its output could not be read on: " + e + ")");
    } finally {
      lock.lock();
      try {
        open--;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void keep(String line) {
    lock.lock();
    try {
      if (lines.size() == KEPT_LINES) {
        lines.removeFirst();
      }
      lines.addLast(line);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private AssertionError failure(String what) {
    return new AssertionError(
        name + " (pid " + pid() + ") " + what + "; it said:\n  " + String.join("\n  ", output()));
  }
}
