// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.audience;

import io.elasticjupyter.kernels.Delivery.EndReason;
import io.elasticjupyter.kernels.log.Cursor;
import io.elasticjupyter.kernels.log.OutputLog;
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
import java.util.concurrent.locks.ReentrantLock;
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
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, ClientSession> sessions = new LinkedHashMap<>();
  private final AtomicLong changes = new AtomicLong();
  private @Nullable EndReason closed;

  /**
   * @param ids names sessions whose client gave no id
   */
  public Audience(
      OutputLog log, AudienceSettings settings, InstantSource clock, Supplier<String> ids) {
    this.log = log;
    this.settings = settings;
    this.clock = clock;
    this.ids = ids;
  }

  /** Attaches a client; an attachment that its session still has ends as replaced. */
  public LiveAttachment attach(Optional<String> name, Inbox inbox, NoticeWriter notices) {
    lock.lock();
    try {
      ClientSession session = name.isEmpty() ? newSession(name) : named(name.get());
      if (session.attachment != null) {
        session.attachment.end(EndReason.REPLACED);
      }
      session.cursor = log.reopen(session.cursor);
      LiveAttachment attachment = new LiveAttachment(this, log, session, inbox, notices);
      session.attachment = attachment;
      changes.incrementAndGet();
      if (closed != null) {
        attachment.end(closed);
      }
      return attachment;
    } finally {
      lock.unlock();
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
      confirmed = Math.min(confirmed, log.confirmed(session.cursor));
      if (session.inheritedAt == null) {
        session.inheritedAt = now;
      }
    }
    String key = name.orElseGet(() -> "unnamed-" + ids.get());
    ClientSession session =
        new ClientSession(key, name.isPresent(), log.open(confirmed), targets, now);
    sessions.put(key, session);
    // A client without an id can never come back as itself: it has inherited, so it is forgotten.
    away.stream().filter(other -> !other.named).forEach(this::forget);
    forgetSurplus();
    return session;
  }

  private List<ClientSession> inheritable(Instant now) {
    return sessions.values().stream()
        .filter(session -> session.attachment == null)
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
    return sessions.values().stream().filter(session -> session.attachment == null).toList();
  }

  private void forget(ClientSession session) {
    sessions.remove(session.key);
    changes.incrementAndGet();
    log.release(session.cursor);
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

  void detached(LiveAttachment attachment, ClientSession session) {
    lock.lock();
    try {
      if (session.attachment == attachment) {
        session.attachment = null;
        session.cursor = log.reopen(session.cursor);
        session.detachedAt = clock.instant();
        session.inheritedAt = null;
        changes.incrementAndGet();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Clients that are attached now. */
  public int connections() {
    lock.lock();
    try {
      return (int) sessions.values().stream().filter(s -> s.attachment != null).count();
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
        if (session.attachment != null) {
          session.attachment.end(reason);
        }
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
                  session.key, session.named, log.confirmed(session.cursor), session.targets()))
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
        Cursor cursor = log.open(old.confirmed());
        sessions.put(
            old.key(), new ClientSession(old.key(), old.named(), cursor, old.targets(), now));
      }
    } finally {
      lock.unlock();
    }
  }
}
