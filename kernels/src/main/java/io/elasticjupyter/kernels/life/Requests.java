// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.wire.message.Channel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Requests in flight: whom a reply belongs to, and what has to be answered in the kernel's place
 * when it ends. Bounded: of more than {@link #MOST} the oldest are forgotten, and their replies
 * then go to every client. Safe for any thread.
 */
final class Requests {

  static final int MOST = 20_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Request> open = new LinkedHashMap<>();
  private final Set<String> sent = new LinkedHashSet<>();
  private final Set<String> recalled = new LinkedHashSet<>();
  private final Set<String> busy = new LinkedHashSet<>();
  private final RequestJournal journal;

  Requests(RequestJournal journal) {
    this.journal = journal;
  }

  /**
   * Takes over what an earlier run had in flight.
   *
   * @param held ids of those that were not sent yet
   */
  void recall(List<Request> requests, Set<String> held) {
    lock.lock();
    try {
      for (Request request : requests) {
        open.put(request.messageId(), request);
        if (!held.contains(request.messageId())) {
          sent.add(request.messageId());
          recalled.add(request.messageId());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes that the connection was lost while the kernel goes on: what it answers and says meanwhile
   * is not heard, so whatever is in flight may never be answered, and what it was busy with may be
   * over.
   */
  void connectionLost() {
    lock.lock();
    try {
      recalled.addAll(sent);
      busy.clear();
    } finally {
      lock.unlock();
    }
  }

  /** A request whose reply will not come, and what is known of how it ended. */
  record Lost(Request request, CellOutcome outcome) {}

  /** Takes what was in flight before the kernel was connected again and is still not answered. */
  List<Lost> takeRecalled() {
    lock.lock();
    try {
      Map<String, CellOutcome> outcomes = new HashMap<>();
      recalled.forEach(id -> outcomes.put(id, journal.outcome(id)));
      List<Lost> lost =
          takeSent(request -> recalled.contains(request.messageId())).stream()
              .map(request ->
                  new Lost(
                      request, outcomes.getOrDefault(request.messageId(), CellOutcome.NOTHING)))
              .toList();
      recalled.clear();
      return lost;
    } finally {
      lock.unlock();
    }
  }

  /** Notes what the kernel publishes about a cell that is not answered yet. */
  void noteOutcome(String messageId, UnaryOperator<CellOutcome> change) {
    lock.lock();
    try {
      @Nullable Request request = open.get(messageId);
      if (request != null && request.runsCode()) {
        journal.noted(messageId, change.apply(journal.outcome(messageId)));
      }
    } finally {
      lock.unlock();
    }
  }

  /** The cells that are not answered, in the journal's form. */
  byte[] journaled() {
    lock.lock();
    try {
      return journal.content();
    } finally {
      lock.unlock();
    }
  }

  /** Notes nothing on disk any more. */
  void close() {
    lock.lock();
    try {
      journal.close();
    } finally {
      lock.unlock();
    }
  }

  void add(Request request) {
    lock.lock();
    try {
      open.put(request.messageId(), request);
      if (open.size() > MOST) {
        Iterator<String> oldest = open.keySet().iterator();
        String forgotten = oldest.next();
        oldest.remove();
        sent.remove(forgotten);
        recalled.remove(forgotten);
        journal.closed(forgotten);
      }
      if (request.runsCode()) {
        journal.opened(request);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the kernel was sent it. */
  void sent(String messageId) {
    lock.lock();
    try {
      if (open.containsKey(messageId)) {
        sent.add(messageId);
      }
    } finally {
      lock.unlock();
    }
  }

  Optional<Request> find(String messageId) {
    lock.lock();
    try {
      return Optional.ofNullable(open.get(messageId));
    } finally {
      lock.unlock();
    }
  }

  /** Takes a request that is answered. */
  Optional<Request> answered(String messageId) {
    lock.lock();
    try {
      @Nullable Request request = open.remove(messageId);
      sent.remove(messageId);
      recalled.remove(messageId);
      if (request != null && request.runsCode()) {
        journal.closed(messageId);
      }
      return Optional.ofNullable(request);
    } finally {
      lock.unlock();
    }
  }

  /** Takes the requests that the kernel was sent and that meet the condition. */
  List<Request> takeSent(Predicate<Request> condition) {
    lock.lock();
    try {
      List<Request> taken = new ArrayList<>();
      for (String messageId : List.copyOf(sent)) {
        @Nullable Request request = open.get(messageId);
        if (request != null && condition.test(request)) {
          answered(messageId).ifPresent(taken::add);
        }
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** The newest request that runs code and is not answered: where a notice is seen. */
  Optional<Request> newestRunningCode() {
    lock.lock();
    try {
      return open.values().stream().filter(Request::runsCode).reduce((older, newer) -> newer);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes what the kernel says of itself while it handles a request.
   *
   * @param parent id of the request; empty for what nobody asked for
   * @return whether this says something about the kernel as a whole: what it does for a request on
   *     control says nothing of the cell that runs beside it
   */
  boolean noteStatus(String parent, boolean isBusy) {
    lock.lock();
    try {
      @Nullable Request request = open.get(parent);
      if (request != null && request.channel() == Channel.CONTROL) {
        return false;
      }
      if (isBusy) {
        busy.add(parent);
        if (busy.size() > MOST) {
          busy.remove(busy.iterator().next());
        }
      } else if (!busy.remove(parent)) {
        // The busy of this idle was never seen, or was another kernel's: only control does that.
        return request != null;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether anything is not answered yet. */
  boolean anyOpen() {
    lock.lock();
    try {
      return !open.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the kernel runs something, by its own statuses. */
  boolean isBusy() {
    lock.lock();
    try {
      return !busy.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what the kernel was busy with, since it is another one now. */
  void clearBusy() {
    lock.lock();
    try {
      busy.clear();
    } finally {
      lock.unlock();
    }
  }
}
