// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.log.LogEntry.Kind;
import io.elasticjupyter.kernels.log.OutputLog;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.Messages;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to a kernel's clients in the kernel's place, where they look: in the notebook. Safe for
 * any thread.
 */
final class Announcer {

  private final OutputLog log;
  private final Messages messages;
  private final Requests requests;
  private final ReentrantLock waiting = new ReentrantLock();
  private volatile byte[] lastCell = "{}".getBytes(UTF_8);

  /** What the kernel waits for, while no cell was there to show it below; under the lock. */
  private @Nullable String untold;

  Announcer(OutputLog log, Messages messages, Requests requests) {
    this.log = log;
    this.messages = messages;
    this.requests = requests;
  }

  /** Remembers the cell that was run last: a notice with its header is shown below it. */
  void noteCell(byte[] header) {
    lastCell = header;
  }

  /** Tells everybody what the kernel does. */
  void status(ExecutionState state) {
    log.append(Kind.VITAL, null, messages.status(state.wireName(), Messages.NO_PARENT));
  }

  /** Tells everybody a sentence, below the cell that waits, or the one that was run last. */
  void notice(String sentence) {
    byte[] parent = requests.newestRunningCode().map(Request::header).orElse(lastCell);
    log.append(Kind.VITAL, null, stream(sentence, parent));
  }

  /**
   * Tells everybody what the kernel waits for. A page sends its cells some seconds after it was
   * opened, and shows only what belongs to a cell: the first one is told when it comes.
   */
  void waiting(String sentence) {
    waiting.lock();
    try {
      untold = requests.newestRunningCode().isPresent() ? null : sentence;
      notice(sentence);
    } finally {
      waiting.unlock();
    }
  }

  /** A cell is held for the kernel. */
  void held(Request cell) {
    waiting.lock();
    try {
      if (untold != null) {
        log.append(Kind.VITAL, null, stream(untold, cell.header()));
        untold = null;
      }
    } finally {
      waiting.unlock();
    }
  }

  /** The kernel waits no more, or for something else. */
  void waitingIsOver() {
    waiting.lock();
    try {
      untold = null;
    } finally {
      waiting.unlock();
    }
  }

  /** Says below a cell that nobody listened to it for a while. */
  void interrupted(Request cell) {
    log.append(
        Kind.VITAL,
        null,
        stream(
            "The gateway was restarted while this cell was running. What it printed in between, if"
                + " anything, is missing here.",
            cell.header()));
  }

  JupyterMessage stream(String sentence, byte[] parent) {
    return messages.stream("stderr", "[elastic-jupyter] " + sentence + "\n", parent);
  }

  /** Says how much output a limit took away. */
  JupyterMessage missing(long count, long bytes) {
    return stream(
        "%,d messages (%s) of output are missing here: they were more than the gateway keeps for a client that does not take them."
            .formatted(count, size(bytes)),
        lastCell);
  }

  /** Says that one message of the kernel was more than is taken. */
  void messageTooLarge(long limit) {
    notice(
        "The kernel sent a message of more than %s, which the gateway does not take; it was dropped. Write large data to a file instead of showing it."
            .formatted(size(limit)));
  }

  private static String size(long bytes) {
    return bytes < 1024 * 1024
        ? "%.1f KiB".formatted(bytes / 1024.0)
        : "%.1f MiB".formatted(bytes / (1024.0 * 1024.0));
  }

  /**
   * Answers a request that the kernel will not answer: the cell shows the error and is done, and
   * whoever waits for the reply gets it.
   *
   * @param name the error's name, like an exception's
   */
  void fail(Request request, String name, String sentence) {
    List<String> traceback = List.of(name + ": " + sentence);
    try {
      JupyterMessage reply = messages.errorReply(request.asMessage(), name, sentence, traceback);
      if (request.runsCode()) {
        log.append(Kind.VITAL, null, messages.error(name, sentence, traceback, request.header()));
      }
      log.append(Kind.VITAL, request.session(), reply);
      log.append(
          Kind.VITAL, null, messages.status(ExecutionState.IDLE.wireName(), request.header()));
    } catch (MessageException e) {
      throw new IllegalStateException("the request's header was read when it came in", e);
    }
  }

  /** Gives the reply to a cell that ended, of which everything else was published. */
  void reply(Request request, CellOutcome outcome) {
    try {
      log.append(
          Kind.VITAL,
          request.session(),
          messages.executeReply(request.asMessage(), outcome.count(), outcome.error()));
    } catch (MessageException e) {
      throw new IllegalStateException("the request's header was read when it came in", e);
    }
  }
}
