// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.sessions;

import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.kernelapi.KernelFailures;
import io.elasticjupyter.gateway.kernelapi.KernelStarter;
import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.Kernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The sessions of this gateway. A session whose kernel is gone is forgotten when it is next looked
 * at. Safe for any thread; changes go one after the other, since they may start kernels.
 */
public final class Sessions {

  private static final System.Logger LOG = System.getLogger(Sessions.class.getName());

  private final Kernels kernels;
  private final KernelStarter starter;
  private final SessionStore store;
  private final Supplier<String> ids;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Session> sessions = new LinkedHashMap<>();

  public Sessions(
      Kernels kernels, KernelStarter starter, SessionStore store, Supplier<String> ids) {
    this.kernels = kernels;
    this.starter = starter;
    this.store = store;
    this.ids = ids;
    store.load().forEach(session -> sessions.put(session.id(), session));
  }

  /** A session with its living kernel. */
  public record Open(Session session, Kernel kernel) {}

  /** All whose kernels are there. */
  public List<Open> all() {
    lock.lock();
    try {
      forgetOrphans();
      List<Open> open = new ArrayList<>();
      sessions.values().forEach(session -> open(session).ifPresent(open::add));
      return open;
    } finally {
      lock.unlock();
    }
  }

  public Optional<Open> find(String id) {
    lock.lock();
    try {
      forgetOrphans();
      return Optional.ofNullable(sessions.get(id)).flatMap(this::open);
    } finally {
      lock.unlock();
    }
  }

  /** The session of that path: the one that is there, or a new one with a kernel of its own. */
  public Open create(SessionRequest request) throws ApiFailure {
    lock.lock();
    try {
      forgetOrphans();
      for (Session session : sessions.values()) {
        if (session.path().equals(request.path().orElse(""))) {
          Optional<Open> open = open(session);
          if (open.isPresent()) {
            return open.get();
          }
        }
      }
      Kernel kernel = kernel(request);
      Session session =
          new Session(
              ids.get(),
              request.path().orElse(""),
              request.name().orElse(""),
              request.type().orElse(""),
              kernel.id());
      put(session);
      return new Open(session, kernel);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Changes what the request names. With another kernel, by id or by a name that starts one, the
   * session's earlier kernel is ended unless another session has it too.
   */
  public Optional<Open> update(String id, SessionRequest request) throws ApiFailure {
    lock.lock();
    try {
      forgetOrphans();
      Session before = sessions.get(id);
      if (before == null) {
        return Optional.empty();
      }
      Kernel kernel =
          request.kernelId().isPresent() || request.kernelName().isPresent()
              ? kernel(request)
              : kernels.find(before.kernel()).orElseThrow(() -> gone(id));
      Session after =
          new Session(
              id,
              request.path().orElse(before.path()),
              request.name().orElse(before.name()),
              request.type().orElse(before.type()),
              kernel.id());
      put(after);
      if (!after.kernel().equals(before.kernel())) {
        endUnlessShared(before.kernel());
      }
      return Optional.of(new Open(after, kernel));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a session and its kernel.
   *
   * @throws ApiFailure 410 where there is no such session, or its kernel is gone before it
   */
  public void delete(String id) throws ApiFailure {
    lock.lock();
    try {
      Session session = sessions.remove(id);
      if (session == null) {
        throw gone(id);
      }
      save();
      boolean kernelWasThere = kernels.find(session.kernel()).isPresent();
      endUnlessShared(session.kernel());
      if (!kernelWasThere) {
        throw ApiFailure.of(FailureCode.SESSION_GONE, "Kernel deleted before session");
      }
    } finally {
      lock.unlock();
    }
  }

  private Kernel kernel(SessionRequest request) throws ApiFailure {
    if (request.kernelId().isPresent()) {
      String id = request.kernelId().get();
      return KernelId.parse(id)
          .flatMap(kernels::find)
          .orElseThrow(() -> KernelFailures.unknown(id));
    }
    return starter.start(request.kernelName());
  }

  private void endUnlessShared(KernelId kernel) {
    boolean shared = sessions.values().stream().anyMatch(other -> other.kernel().equals(kernel));
    if (!shared) {
      // False where it ended by itself meanwhile, which is as good.
      boolean _ = kernels.delete(kernel);
    }
  }

  private Optional<Open> open(Session session) {
    return kernels.find(session.kernel()).map(kernel -> new Open(session, kernel));
  }

  private void forgetOrphans() {
    if (sessions.values().removeIf(session -> kernels.find(session.kernel()).isEmpty())) {
      save();
    }
  }

  private void put(Session session) {
    sessions.put(session.id(), session);
    save();
  }

  private void save() {
    try {
      store.save(List.copyOf(sessions.values()));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "sessions=not-kept", e);
    }
  }

  private static ApiFailure gone(String id) {
    return ApiFailure.of(FailureCode.SESSION_GONE, "Session not found: session_id=" + id);
  }
}
