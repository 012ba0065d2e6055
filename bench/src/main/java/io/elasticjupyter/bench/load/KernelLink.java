// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.load;

import java.io.IOException;
import java.time.Duration;

/**
 * A client's connection to one kernel, through a gateway or straight over ZeroMQ. For one thread.
 */
public interface KernelLink extends AutoCloseable {

  /** Sends an execute request; returns its message id, for the {@link Tally}. */
  String execute(String code) throws IOException;

  /**
   * Reads until the tally is done.
   *
   * @param quiet gives up when nothing came for so long
   */
  void collect(Tally tally, Duration quiet) throws IOException;

  /** Reads for so long, whatever comes. */
  void collectFor(Tally tally, Duration duration) throws IOException;

  /** Answers what came meanwhile, without waiting: keeps an idle connection alive. */
  void attend() throws IOException;

  @Override
  void close() throws IOException;

  /** Executes and waits for reply and idle status; nanoseconds, or an exception after the limit. */
  default long roundTrip(String code, Duration limit) throws IOException {
    long start = System.nanoTime();
    Tally tally = new Tally(execute(code));
    collect(tally, limit);
    if (!tally.done()) {
      throw new IOException(
          "no answer within %s: reply=%b idle=%b".formatted(limit, tally.replied(), tally.idle()));
    }
    return System.nanoTime() - start;
  }
}
