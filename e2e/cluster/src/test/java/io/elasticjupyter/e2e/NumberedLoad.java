// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * One kernel that prints numbers, cell after cell, and counts what of it is missing, comes twice or
 * in another order. Runs on a thread of its own until it is told to end.
 */
final class NumberedLoad {

  private static final int LINES = 100;

  private static final String CELL =
      "import time\nfor i in range(%d): print(i, flush=True); time.sleep(0.03)".formatted(LINES);

  private static final Duration REPLY = Duration.ofMinutes(2);

  /** A request on a connection that is cut is lost, and nobody can say so: it is sent once more. */
  private static final Duration HEARD = Duration.ofSeconds(25);

  private final ReturningClient client;
  private final Thread thread;
  private volatile boolean ending;
  private long lines;
  private long lost;
  private long doubled;
  private long reordered;
  private long unheard;
  private long failed;
  private volatile String trouble = "";

  /** What was counted. */
  record Count(long lines, long lost, long doubled, long reordered, long unheard, long failed) {

    Count plus(Count other) {
      return new Count(
          lines + other.lines,
          lost + other.lost,
          doubled + other.doubled,
          reordered + other.reordered,
          unheard + other.unheard,
          failed + other.failed);
    }
  }

  NumberedLoad(ReturningClient client) {
    this.client = client;
    this.thread = Thread.ofVirtual().name("numbered-load").start(this::run);
  }

  private void run() {
    try {
      while (!ending && client.gaveUp().isEmpty()) {
        client.forget();
        String request = send();
        if (!awaitReply(request)) {
          continue;
        }
        check(request);
      }
    } catch (RuntimeException | AssertionError e) {
      trouble = e.toString();
    }
  }

  private String send() {
    long deadline = System.nanoTime() + REPLY.toNanos();
    while (true) {
      try {
        return client.current().execute(CELL);
      } catch (RuntimeException broken) {
        if (System.nanoTime() > deadline || !client.gaveUp().isEmpty()) {
          throw broken;
        }
        pause();
      }
    }
  }

  private static void pause() {
    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
  }

  private boolean awaitReply(String request) {
    long begin = System.nanoTime();
    int returns = client.returns();
    while (client.replies(request).isEmpty()) {
      long waited = System.nanoTime() - begin;
      boolean cut = client.returns() > returns;
      if (waited > HEARD.toNanos() && cut && !client.heardOf(request)) {
        unheard++;
        return false;
      }
      if (waited > REPLY.toNanos() || !client.gaveUp().isEmpty()) {
        throw new AssertionError("no reply to a cell within " + REPLY + " " + client.gaveUp());
      }
      pause();
    }
    // What was printed before the reply may come behind it: another socket of the kernel's.
    LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    return true;
  }

  private void check(String request) {
    if (!client.replies(request).getFirst().content().path("status").asText().equals("ok")) {
      failed++;
    }
    List<Integer> numbers = client.numbers(request);
    List<Integer> distinct = new ArrayList<>(numbers.stream().distinct().toList());
    lines += LINES;
    doubled += numbers.size() - distinct.size();
    lost += LINES - new HashSet<>(distinct).size();
    List<Integer> expected = new ArrayList<>(IntStream.range(0, LINES).boxed().toList());
    expected.retainAll(new HashSet<>(distinct));
    if (!distinct.equals(expected)) {
      reordered++;
    }
  }

  /** Lets the cell that runs be the last, and waits for it. */
  Count end() throws InterruptedException {
    ending = true;
    thread.join();
    return new Count(lines, lost, doubled, reordered, unheard, failed);
  }

  /** Why it ended by itself; empty where it did not. */
  String trouble() {
    return trouble + client.gaveUp();
  }
}
