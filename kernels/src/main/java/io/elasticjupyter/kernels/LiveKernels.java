// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.kernels.hibernation.SleepRoom;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage;
import io.elasticjupyter.kernels.idle.IdlePolicy;
import io.elasticjupyter.kernels.life.KernelIdentity;
import io.elasticjupyter.kernels.life.KernelParts;
import io.elasticjupyter.kernels.life.KernelRules;
import io.elasticjupyter.kernels.life.ManagedKernel;
import io.elasticjupyter.kernels.log.MemoryBudget;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import io.elasticjupyter.kernels.replicas.ReplicaSet;
import io.elasticjupyter.kernels.replicas.Territory;
import io.elasticjupyter.kernels.store.KernelStore;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of one gateway: processes or Pods that outlive it, and a state directory by which the
 * next gateway finds them again. Safe for any thread.
 */
public final class LiveKernels implements Kernels, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(LiveKernels.class.getName());

  private static final Duration FLUSH_INTERVAL = Duration.ofMillis(200);
  private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofSeconds(30);
  private static final Duration SWEEP_INTERVAL = Duration.ofDays(1);
  private static final Duration DEAD_KEPT_FOR = Duration.ofHours(1);
  private static final Duration TIMER_STOP = Duration.ofSeconds(5);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private final KernelStore store;
  private final KernelParts parts;
  private final Wishes wishes;
  private final Map<KernelId, ManagedKernel> kernels = new ConcurrentHashMap<>();

  /** No longer listed, while their processes and their folders may be there for some seconds. */
  private final Map<KernelId, ManagedKernel> ending = new ConcurrentHashMap<>();

  /** Become idle before the next look at all, if nothing happens. */
  private final Set<KernelId> lookedAtSoon = ConcurrentHashMap.newKeySet();

  private final ReentrantLock starting = new ReentrantLock();
  private @Nullable Territory territory;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("kernels-timer").factory());

  private LiveKernels(KernelStore store, KernelParts parts) {
    this.store = store;
    this.parts = parts;
    this.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.wishes = new Wishes(parts.provisioner(), parts.clock());
  }

  /**
   * Takes over the kernels that an earlier run left in the state directory. They are listed when
   * this returns; connecting to them goes on behind.
   *
   * @param stateDirectory of this gateway alone
   */
  public static LiveKernels open(
      Path stateDirectory,
      Provisioner provisioner,
      KernelSettings settings,
      KernelMonitor monitor,
      InstantSource clock)
      throws IOException {
    LiveKernels kernels =
        make(stateDirectory, provisioner, settings, monitor, clock, new AtomicReference<>());
    new Adoption(kernels.store, kernels.parts, kernels.kernels, kernels.ending).adoptAll();
    kernels.begin();
    return kernels;
  }

  /**
   * As one of several gateways with the same kernels: takes those that nobody has, now and while it
   * is open, and gives its own to the others at {@link #leave}.
   *
   * @param stateDirectory of this gateway alone
   * @param others the other gateways
   */
  public static LiveKernels open(
      Path stateDirectory,
      Provisioner provisioner,
      KernelSettings settings,
      KernelMonitor monitor,
      InstantSource clock,
      ReplicaSet others)
      throws IOException, InterruptedException {
    AtomicReference<@Nullable Territory> shared = new AtomicReference<>();
    LiveKernels kernels = make(stateDirectory, provisioner, settings, monitor, clock, shared);
    HeldKernels held =
        new HeldKernels(
            kernels.store, kernels.parts, kernels.kernels, kernels.ending, kernels::heed);
    Territory territory =
        others.territory(
            held, kernels.store, provisioner, settings, kernels.parts.logMemory(), clock);
    kernels.territory = territory;
    shared.set(territory);
    territory.start();
    kernels.begin();
    return kernels;
  }

  private static LiveKernels make(
      Path stateDirectory,
      Provisioner provisioner,
      KernelSettings settings,
      KernelMonitor monitor,
      InstantSource clock,
      AtomicReference<@Nullable Territory> shared)
      throws IOException {
    KernelStore store = new KernelStore(stateDirectory);
    Optional<SleepRoom> sleepRoom = provisioner.sleepRoom(stateDirectory);
    KernelParts parts =
        new KernelParts(
            provisioner,
            settings,
            new MemoryBudget(settings.logMemoryBytes()),
            monitor,
            clock,
            sleepRoom,
            sleepRoom.flatMap(room -> provisioner.processImages(room.keys())),
            new SnapshotUsage(settings.hibernation().limits()),
            () -> UUID.randomUUID().toString(),
            () -> Optional.ofNullable(shared.get()).map(Territory::isPresent).orElse(true));
    return new LiveKernels(store, parts);
  }

  private void begin() {
    parts.provisioner().onWish(this::heed);
    parts.monitor().kept(parts.usage().totals());
    // What was wished while no gateway was there.
    kernels.keySet().forEach(this::heed);
    startTimers();
    parts.sleepRoom().ifPresent(room -> sweepDaily(room.place()));
  }

  /** Which of them this gateway has; empty where it is the only one. */
  public Optional<Territory> territory() {
    return Optional.ofNullable(territory);
  }

  /**
   * Gives all kernels to the other gateways, if there are any. Blocks until that is done; then
   * {@link #close}.
   */
  public void leave() throws InterruptedException {
    if (territory != null) {
      territory.leave();
    }
  }

  /** Others may have taken for given up what a gateway has that could not say that it lives. */
  private boolean mayDecide() {
    return territory == null || territory.mayDecide();
  }

  private void startTimers() {
    every(FLUSH_INTERVAL, () -> forEach(ManagedKernel::flush));
    every(housekeepingInterval(), this::keepHouse);
    every(parts.settings().idle().interval(), () -> forEach(this::cullIfIdle));
  }

  /** Often enough that no snapshot is kept much longer than it may be. */
  private Duration housekeepingInterval() {
    Duration maxAge = parts.settings().hibernation().limits().maxAge();
    Duration often = maxAge.dividedBy(4).plusMillis(1);
    return maxAge.isZero() || often.compareTo(HOUSEKEEPING_INTERVAL) > 0
        ? HOUSEKEEPING_INTERVAL
        : often;
  }

  /** Beside the timer, which shall not wait for a network. */
  private void sweepDaily(SnapshotPlace place) {
    Runnable sweep = () -> runSafely(() -> place.sweep(this::isKnown));
    ScheduledFuture<?> _ =
        timer.scheduleWithFixedDelay(
            () -> Thread.ofVirtual().name("snapshots-sweep").start(sweep),
            0,
            SWEEP_INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private boolean isKnown(String id) {
    // What is of another form is none of ours to remove.
    return KernelId.parse(id)
        .map(kernel ->
            kernels.containsKey(kernel)
                || ending.containsKey(kernel)
                || (territory != null && territory.exists(kernel))
                || store.isSetAside(kernel))
        .orElse(true);
  }

  private void every(Duration interval, Runnable task) {
    ScheduledFuture<?> _ =
        timer.scheduleWithFixedDelay(
            () -> runSafely(task), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A timer that throws would never run again. */
  private static void runSafely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "event=timer-failed", e);
    }
  }

  /** What fails for one kernel shall not keep the others from it. */
  private void forEach(Consumer<ManagedKernel> task) {
    List.copyOf(kernels.values()).forEach(kernel -> runSafely(() -> task.accept(kernel)));
  }

  private void keepHouse() {
    if (!mayDecide()) {
      return;
    }
    Instant now = parts.clock().instant();
    ending.values().removeIf(ManagedKernel::hasEnded);
    forEach(kernel -> {
      kernel.forgetExpiredClients();
      kernel
          .abandonedSince()
          .filter(since -> since.plus(DEAD_KEPT_FOR).isBefore(now))
          .ifPresent(since -> cull(kernel, "The kernel was dead and nobody asked for it."));
      kernel.removeOldSnapshots();
      if (kernel.isForgotten(now)) {
        cull(
            kernel, "What the kernel had held was removed, and nobody asked for the kernel since.");
      }
      parts.provisioner().keepHouse(store.folder(kernel.id()).path());
    });
  }

  private void cullIfIdle(ManagedKernel kernel) {
    if (!mayDecide() || wishes.heed(kernel)) {
      return;
    }
    Instant now = parts.clock().instant();
    Optional<IdlePolicy.Verdict> verdict = kernel.judgeIdleness(now);
    if (verdict.isEmpty()) {
      return;
    }
    switch (verdict.get()) {
      case IdlePolicy.Verdict.Keep _ -> {}
      case IdlePolicy.Verdict.KeepUntil(var _, Instant due) ->
          lookAgain(kernel, Duration.between(now, due));
      case IdlePolicy.Verdict.Idle idle when kernel.canHibernate() ->
          kernel.hibernateIfDue(idle.idleFor(), now);
      case IdlePolicy.Verdict.Idle(Duration idleFor, Duration allowed) -> {
        parts.monitor().culled(kernel.model().name());
        LOG.log(
            Level.INFO,
            "event=kernel-culled kernel={0} idle-seconds={1} allowed-seconds={2}",
            kernel.id(),
            idleFor.toSeconds(),
            allowed.toSeconds());
        if (unlist(kernel)) {
          kernel.cullIdle(idleFor, allowed);
        }
      }
    }
  }

  /** Between two looks at all kernels: somebody may wait for what this one holds. */
  private void lookAgain(ManagedKernel kernel, Duration left) {
    if (left.compareTo(parts.settings().idle().interval()) < 0 && lookedAtSoon.add(kernel.id())) {
      ScheduledFuture<?> _ =
          timer.schedule(
              () -> {
                lookedAtSoon.remove(kernel.id());
                runSafely(() -> cullIfIdle(kernel));
              },
              left.toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  /** Looks at a kernel of which somebody may wish something. */
  private void heed(KernelId id) {
    ManagedKernel kernel = kernels.get(id);
    if (kernel != null && mayDecide()) {
      LOG.log(Level.DEBUG, "event=wish kernel={0} new={1}", id, wishes.heed(kernel));
    }
  }

  @Override
  public Kernel start(StartRequest request) throws KernelFailure {
    KernelId id = request.id().orElseGet(() -> new KernelId(UUID.randomUUID().toString()));
    starting.lock();
    try {
      if (kernels.containsKey(id) || (territory != null && territory.exists(id))) {
        throw new KernelFailure.KernelExists(id);
      }
      ManagedKernel before = ending.get(id);
      if (before != null && !before.hasEnded()) {
        // Its folder, which is deleted at its end, is the new one's as well.
        throw KernelFailure.KernelExists.beingEnded(id);
      }
      ending.remove(id);
      return start(id, request);
    } finally {
      starting.unlock();
    }
  }

  private Kernel start(KernelId id, StartRequest request) throws KernelFailure {
    KernelIdentity identity =
        new KernelIdentity(
            id,
            request.spec(),
            request.username(),
            request.env(),
            request.workingDirectory(),
            parts.clock().instant(),
            KernelIdentity.newZmqIdentity(parts.ids().get()),
            Optional.empty(),
            store.folder(id));
    Optional<String> objection = new KernelRules(identity, parts.settings()).objection();
    if (objection.isPresent()) {
      throw new KernelFailure.NotAllowed(objection.get());
    }
    parts.provisioner().check(identity.launchRequest());
    try {
      ManagedKernel kernel = ManagedKernel.start(identity, parts);
      kernels.put(kernel.id(), kernel);
      return kernel;
    } catch (IOException e) {
      throw new KernelFailure.LaunchFailed(
          "The kernel's state could not be written, so it would be lost at the gateway's next"
              + " restart: "
              + e.getMessage());
    }
  }

  @Override
  public List<Kernel> all() {
    return kernels.values().stream()
        .sorted(Comparator.comparing(ManagedKernel::startedAt).thenComparing(k -> k.id().value()))
        .map(Kernel.class::cast)
        .toList();
  }

  @Override
  public Optional<Kernel> find(KernelId id) {
    return Optional.ofNullable(kernels.get(id));
  }

  @Override
  public boolean delete(KernelId id) {
    ManagedKernel kernel = kernels.get(id);
    if (kernel == null || !unlist(kernel)) {
      return false;
    }
    kernel.delete("The kernel was shut down.");
    return true;
  }

  private boolean unlist(ManagedKernel kernel) {
    // Noted first: there is no moment in which the id looks free.
    ending.put(kernel.id(), kernel);
    return kernels.remove(kernel.id(), kernel);
  }

  /** Ends a kernel that nobody asked to be ended, so that its clients are told in words. */
  private void cull(ManagedKernel kernel, String why) {
    if (unlist(kernel)) {
      kernel.cull(why);
    }
  }

  /** Ends every kernel in order and waits until their processes are gone. */
  public void stopKernels() throws InterruptedException {
    List.copyOf(kernels.values())
        .forEach(kernel -> cull(kernel, "The gateway was stopped, and its kernels with it."));
    awaitEnding();
  }

  private void awaitEnding() throws InterruptedException {
    List<ManagedKernel> all = List.copyOf(ending.values());
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    for (ManagedKernel kernel : all) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      if (!kernel.awaitEnd(left)) {
        LOG.log(Level.WARNING, "event=kernel-not-ended-in-time kernel={0}", kernel.id());
      }
    }
  }

  /**
   * Lets go of all kernels without ending them; what they say is on disk for the next gateway. One
   * that was deleted is ended before, for a time: who asked was answered that it is, and no gateway
   * may come after this one.
   */
  @Override
  public void close() throws InterruptedException {
    if (territory != null) {
      territory.close();
    }
    // Not interrupted: that would close the file that it writes.
    timer.shutdown();
    if (!timer.awaitTermination(TIMER_STOP.toSeconds(), TimeUnit.SECONDS)) {
      LOG.log(Level.WARNING, "event=timer-not-stopped-in-time");
    }
    awaitEnding();
    Map<KernelId, CountDownLatch> detached = new LinkedHashMap<>();
    kernels.values().forEach(kernel -> detached.put(kernel.id(), kernel.detach(() -> {})));
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    for (Map.Entry<KernelId, CountDownLatch> each : detached.entrySet()) {
      if (!each.getValue().await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        LOG.log(Level.WARNING, "event=kernel-not-detached-in-time kernel={0}", each.getKey());
      }
    }
    kernels.clear();
  }
}
