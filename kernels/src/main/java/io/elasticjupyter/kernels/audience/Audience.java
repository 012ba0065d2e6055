// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.audience;

import io.elasticjupyter.kernels.Delivery.EndReason;
import io.elasticjupyter.kernels.log.OutputLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one kernel, present and away.
 *
 * <p>A session that comes back goes on behind what it confirmed. A new session inherits from those
 * that went away and were not inherited yet (a closed laptop, a reloaded page with a new id), and
 * so sees what was said while nobody listened; where nobody is away it starts with what comes next.
 * The very first session of a kernel gets everything. Safe for any thread.
 */
public final class Audience {

  private final OutputLog log;
  private final AudienceSettings settings;
  private final InstantSource clock;
  private final Supplier<String> ids;
  private final BooleanSupplier present;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();
  private final Map<String, ClientSession> sessions = new LinkedHashMap<>();
  private final AtomicLong changes = new AtomicLong();
  private @Nullable EndReason closed;

  /**
   * @param ids names sessions whose client gave no id
   * @param present whether clients may be given anything now
   */
  public Audience(
      OutputLog log,
      AudienceSettings settings,
      InstantSource clock,
      Supplier<String> ids,
      BooleanSupplier present) {
    this.log = log;
    this.settings = settings;
    this.clock = clock;
    this.ids = ids;
    this.present = present;
  }

  /**
   * Attaches a client, behind what its session has confirmed. Where the session has attachments
   * already, they go on beside it until it speaks: see {@link #spoke}.
   */
  public LiveAttachment attach(Optional<String> name, Inbox inbox, NoticeWriter notices) {
    lock.lock();
    try {
      ClientSession session = name.isEmpty() ? newSession(name) : named(name.get());
      LiveAttachment attachment =
          new LiveAttachment(this, log, session, log.open(confirmed(session)), inbox, notices);
      session.attachments.add(attachment);
      stopResting(session);
      changes.incrementAndGet();
      if (closed != null) {
        attachment.end(closed);
      }
      return attachment;
    } finally {
      lock.unlock();
    }
  }

  /** What one connection of the session has, the session has. */
  private long confirmed(ClientSession session) {
    return session.attachments.stream()
        .mapToLong(attachment -> log.confirmed(attachment.cursor()))
        .reduce(session.confirmed, Math::max);
  }

  private void stopResting(ClientSession session) {
    if (session.resting != null) {
      log.release(session.resting);
      session.resting = null;
    }
  }

  private ClientSession named(String name) {
    ClientSession known = sessions.get(name);
    return known != null ? known : newSession(Optional.of(name));
  }

  private ClientSession newSession(Optional<String> name) {
    Instant now = clock.instant();
    List<ClientSession> away = inheritable(now);
    Set<String> targets = new HashSet<>();
    long confirmed = sessions.isEmpty() ? 0 : log.nextSequence() - 1;
    for (ClientSession session : away) {
      targets.addAll(session.targets());
      confirmed = Math.min(confirmed, session.confirmed);
      if (session.inheritedAt == null) {
        session.inheritedAt = now;
      }
    }
    String key = name.orElseGet(() -> "unnamed-" + ids.get());
    ClientSession session = new ClientSession(key, name.isPresent(), confirmed, targets, now);
    sessions.put(key, session);
    // A client without an id can never come back as itself: it has inherited, so it is forgotten.
    away.stream().filter(other -> !other.named).forEach(this::forget);
    forgetSurplus();
    return session;
  }

  private List<ClientSession> inheritable(Instant now) {
    return sessions.values().stream()
        .filter(ClientSession::isAway)
        .filter(session ->
            session.inheritedAt == null
                || session.inheritedAt.plus(settings.inheritedFor()).isAfter(now))
        .toList();
  }

  private void forgetSurplus() {
    List<ClientSession> away = new ArrayList<>(away());
    away.sort(Comparator.comparing(session -> session.detachedAt));
    for (int i = 0; i < away.size() - settings.maxSessions(); i++) {
      forget(away.get(i));
    }
  }

  private List<ClientSession> away() {
    return sessions.values().stream().filter(ClientSession::isAway).toList();
  }

  private void forget(ClientSession session) {
    sessions.remove(session.key);
    changes.incrementAndGet();
    stopResting(session);
  }

  /** Forgets sessions that went away long ago. Called from a timer. */
  public void forgetExpired() {
    lock.lock();
    try {
      Instant now = clock.instant();
      for (ClientSession session : away()) {
        boolean inherited = session.inheritedAt != null;
        boolean othersCame = inherited || connections() > 0;
        if (othersCame && session.detachedAt.plus(settings.keptFor()).isBefore(now)) {
          forget(session);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * An attachment that found others of its session has sent something, so it is the one that the
   * client uses, and those that came before it end.
   *
   * <p>Not when it comes: a client that opens a connection, gives it up and opens another cannot
   * say in which order they arrive here. jupyter_server forgets a connection that is still being
   * made and never closes it; were that one to end the other, what the user types meanwhile would
   * be lost on the way to us.
   */
  void spoke(LiveAttachment attachment, ClientSession session) {
    lock.lock();
    try {
      int place = session.attachments.indexOf(attachment);
      for (int i = 0; i < place; i++) {
        session.attachments.get(i).end(EndReason.REPLACED);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether clients may be given anything now. */
  boolean isPresent() {
    return present.getAsBoolean();
  }

  void detached(LiveAttachment attachment, ClientSession session) {
    lock.lock();
    try {
      if (!session.attachments.remove(attachment)) {
        return;
      }
      changes.incrementAndGet();
      left.signalAll();
      session.confirmed = Math.max(session.confirmed, log.confirmed(attachment.cursor()));
      if (session.isAway()) {
        session.resting = log.open(session.confirmed);
        session.detachedAt = clock.instant();
        session.inheritedAt = null;
      }
      log.release(attachment.cursor());
    } finally {
      lock.unlock();
    }
  }

  /** Clients that are attached now. */
  public int connections() {
    lock.lock();
    try {
      return (int) sessions.values().stream().filter(s -> !s.isAway()).count();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no client is attached; false where the time was over first. */
  public boolean awaitNobody(Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = timeout.toNanos();
      while (sessions.values().stream().anyMatch(session -> !session.isAway())) {
        if (nanos <= 0) {
          return false;
        }
        nanos = left.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends every attachment, now and in future; what the log still holds is delivered before. */
  public void end(EndReason reason) {
    lock.lock();
    try {
      closed = reason;
      for (ClientSession session : sessions.values()) {
        session.attachments.forEach(attachment -> attachment.end(reason));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Counts comings and goings, so that nothing is written when nobody came or went. */
  public long changes() {
    return changes.get();
  }

  /** What is to be kept over a restart of the gateway. */
  public List<RememberedSession> remember() {
    lock.lock();
    try {
      return sessions.values().stream()
          .map(session ->
              new RememberedSession(
                  session.key, session.named, confirmed(session), session.targets()))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Takes over what an earlier run remembered; before anybody attaches. */
  public void recall(List<RememberedSession> remembered) {
    lock.lock();
    try {
      Instant now = clock.instant();
      for (RememberedSession old : remembered) {
        ClientSession session =
            new ClientSession(old.key(), old.named(), old.confirmed(), old.targets(), now);
        session.resting = log.open(old.confirmed());
        sessions.put(old.key(), session);
      }
    } finally {
      lock.unlock();
    }
  }
}
