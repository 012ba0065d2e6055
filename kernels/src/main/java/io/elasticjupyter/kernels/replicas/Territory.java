// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.life.ManagedKernel;
import io.elasticjupyter.kernels.store.KernelCopy;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which kernels this replica has: takes those that nobody has any more, lets go of those that
 * another has taken, keeps a copy of each at another replica, and gives all away when it leaves.
 * One thread looks and takes; the rest is safe for any thread.
 */
public final class Territory implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Territory.class.getName());

  private static final Duration LOOK = Duration.ofMillis(500);

  /**
   * Whoever has a copy takes a kernel at once, the one that had it next, then the others in turn.
   */
  private static final Duration TURN = Duration.ofSeconds(1);

  private final Replicas replicas;
  private final Claims claims;
  private final Holder holder;
  private final KernelCopies copies;
  private final InstantSource clock;
  private final Pulse pulse = new Pulse();
  private final Semaphore news = new Semaphore(0);
  private final ReentrantLock takingUp = new ReentrantLock();
  private final StandbyCopies copying;
  private final Map<KernelId, Instant> orphanedSince = new HashMap<>();
  private volatile boolean closed;
  private volatile boolean leaving;
  private volatile int askedAfter;

  /** The kernels that this gateway has. */
  public interface Holder {

    /** Those that it has, also while they are being ended. */
    List<ManagedKernel> held();

    boolean holds(KernelId kernel);

    /** Whether an earlier run of this gateway left a folder of the kernel. */
    boolean remembers(KernelId kernel);

    /** Takes up a kernel; from its copy, if there is one. */
    void takeUp(KernelId kernel, Optional<FinishedCopy> copy);

    /**
     * Lets go of a kernel without ending it; its clients are told to come back.
     *
     * @param beforeFilesClose run when nothing changes any more, on the kernel's own thread
     */
    void letGo(KernelId kernel, Runnable beforeFilesClose) throws InterruptedException;
  }

  Territory(
      Replicas replicas,
      Claims claims,
      Peers peers,
      Holder holder,
      KernelCopies copies,
      InstantSource clock) {
    this.replicas = replicas;
    this.claims = claims;
    this.holder = holder;
    this.copies = copies;
    this.clock = clock;
    this.copying = new StandbyCopies(peers);
  }

  /** Begins to look; returns when it has looked once. */
  public void start() throws InterruptedException {
    pulse.start();
    replicas.onChange(news::release);
    claims.onChange(kernel -> news.release());
    look();
    Thread.ofVirtual().name("territory").start(this::run);
  }

  private void run() {
    try {
      while (!closed) {
        boolean _ = news.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        news.drainPermits();
        lookSafely();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookSafely() throws InterruptedException {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "event=territory-failed", e);
    }
  }

  private void look() throws InterruptedException {
    if (leaving || !replicas.mayDecide()) {
      return;
    }
    askAfterLapse();
    Map<KernelId, String> all = claims.all();
    orphanedSince.keySet().retainAll(all.keySet());
    List<KernelId> lost = new ArrayList<>();
    for (Map.Entry<KernelId, String> claim : all.entrySet()) {
      look(claim.getKey(), claim.getValue(), lost);
    }
    letGo(lost);
    copying.tend(holder.held(), this::standby);
    copies.keepHouse(kernel -> all.containsKey(kernel) && !holder.holds(kernel));
  }

  /** Whoever was away asks whose its kernels are before it believes what it remembers. */
  private void askAfterLapse() throws InterruptedException {
    int lapses = absences();
    if (lapses == askedAfter) {
      return;
    }
    List<KernelId> lost = new ArrayList<>();
    for (ManagedKernel kernel : holder.held()) {
      settle(kernel.id(), true, lost);
    }
    letGo(lost);
    askedAfter = lapses;
  }

  /** All at the same time: each waits for its clients to go. */
  private void letGo(List<KernelId> lost) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (KernelId kernel : lost) {
      LOG.log(Level.WARNING, "event=kernel-lost kernel={0} to=another-replica", kernel);
      copying.stop(kernel);
      threads.add(Thread.ofVirtual().name("kernel-lost-" + kernel).start(() -> letGo(kernel)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void letGo(KernelId kernel) {
    try {
      holder.letGo(kernel, () -> {});
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(KernelId kernel, String noted, List<KernelId> lost) {
    boolean held = holder.holds(kernel);
    if (held != isSelf(noted)) {
      // Either may be behind: what is noted is heard of later than it is done.
      settle(kernel, held, lost);
    } else if (held || replicas.find(noted).isPresent()) {
      orphanedSince.remove(kernel);
    } else if (isDue(kernel, noted)) {
      take(kernel, noted);
    }
  }

  private boolean isSelf(String owner) {
    return owner.equals(replicas.self().id());
  }

  private void settle(KernelId kernel, boolean held, List<KernelId> lost) {
    Optional<String> owner = claims.ask(kernel);
    if (owner.isEmpty()) {
      // It is gone, and whoever has it hears of that by itself.
      return;
    }
    if (held && !isSelf(owner.get())) {
      lost.add(kernel);
    } else if (!held && isSelf(owner.get())) {
      takeUp(kernel);
    }
  }

  private boolean isDue(KernelId kernel, String owner) {
    if (copies.has(kernel)) {
      return true;
    }
    List<Replica> staying = staying();
    int place = Rendezvous.order(kernel.value(), staying).indexOf(replicas.self());
    boolean before =
        Replica.nameOf(owner).equals(replicas.self().name()) && holder.remembers(kernel);
    Duration wait = staying.size() == 1 ? Duration.ZERO : TURN.multipliedBy(before ? 1 : 2 + place);
    Instant since = orphanedSince.computeIfAbsent(kernel, _ -> clock.instant());
    return !since.plus(wait).isAfter(clock.instant());
  }

  private List<Replica> staying() {
    return replicas.live().stream().filter(replica -> !replica.leaving()).toList();
  }

  private void take(KernelId kernel, String owner) {
    if (!claims.take(kernel, owner, replicas.self().id())) {
      return;
    }
    orphanedSince.remove(kernel);
    LOG.log(
        Level.INFO,
        "event=kernel-taken kernel={0} from={1} copy={2}",
        kernel,
        owner.isEmpty() ? "nobody" : owner,
        copies.has(kernel));
    takeUp(kernel);
  }

  /** Once, although the same news may come on several ways. */
  private void takeUp(KernelId kernel) {
    takingUp.lock();
    try {
      if (!holder.holds(kernel)) {
        holder.takeUp(kernel, copies.finish(kernel));
      }
    } finally {
      takingUp.unlock();
    }
  }

  /** Where a kernel is. */
  public sealed interface Place {

    /** This replica has it, or is ending it. */
    record Here() implements Place {}

    record At(Replica replica) implements Place {}

    /** Its replica is gone, or it is being taken up. */
    record Between() implements Place {}

    record Nowhere() implements Place {}
  }

  /** Where a kernel is now. */
  public Place whereIs(KernelId kernel) {
    if (holder.holds(kernel)) {
      return new Place.Here();
    }
    String owner = claims.all().get(kernel);
    if (owner == null) {
      return new Place.Nowhere();
    }
    return replicas
        .find(owner)
        .filter(replica -> !replica.id().equals(replicas.self().id()))
        .<Place>map(Place.At::new)
        .orElseGet(Place.Between::new);
  }

  /** Whether this replica has the kernel, or is ending it. */
  public boolean holds(KernelId kernel) {
    return holder.holds(kernel);
  }

  /** Whether there is such a kernel at all, had here or not. */
  public boolean exists(KernelId kernel) {
    return claims.all().containsKey(kernel);
  }

  /** This replica. */
  public Replica self() {
    return replicas.self();
  }

  /** The other replicas that live. */
  public List<Replica> others() {
    return replicas.live().stream()
        .filter(replica -> !replica.id().equals(replicas.self().id()))
        .toList();
  }

  /** Whether this replica gives away what it has. */
  public boolean isLeaving() {
    return leaving;
  }

  /** Another replica, for what is to be begun; empty where there is none that stays. */
  public Optional<Replica> anotherThatStays() {
    return others().stream().filter(replica -> !replica.leaving()).findFirst();
  }

  /**
   * Whether what this replica knows of its kernels is true as far as it can know. Not after it was
   * stopped for a while, until it has asked: what it would give to clients then, another may have
   * given them by now. While the API server is away it is, since nobody takes anything then.
   */
  public boolean isPresent() {
    return pulse.isSteady() && absences() == askedAfter;
  }

  private int absences() {
    return replicas.lapses() + pulse.gaps();
  }

  /** Whether this replica may decide about what it has. */
  public boolean mayDecide() {
    return replicas.mayDecide() && isPresent();
  }

  /**
   * Takes in a piece of another replica's kernel, and the kernel with the last.
   *
   * @param from the other's {@link Replica#id}
   * @throws IOException if the piece is damaged, or cannot be kept
   */
  public Peers.Answer given(String from, KernelId kernel, KernelCopy piece) throws IOException {
    if (leaving || closed || holder.holds(kernel)) {
      return Peers.Answer.REFUSED;
    }
    Peers.Answer answer = copies.add(kernel, piece);
    boolean added = answer == Peers.Answer.FOLLOWED || answer == Peers.Answer.COPIED;
    if (!added || !piece.last()) {
      return answer;
    }
    if (!claims.take(kernel, from, replicas.self().id())) {
      return Peers.Answer.REFUSED;
    }
    LOG.log(Level.INFO, "event=kernel-given kernel={0} from={1}", kernel, from);
    takeUp(kernel);
    return Peers.Answer.TAKEN;
  }

  /** Gives up a copy that the kernel's gateway keeps here no more. */
  public void dropped(KernelId kernel) {
    copies.giveUp(kernel);
  }

  /**
   * Gives every kernel to another replica, if there is one. Blocks until all are given, or it is
   * known that they are not; those are taken when this one is gone.
   */
  public void leave() throws InterruptedException {
    leaving = true;
    replicas.leave();
    List<ManagedKernel> all = holder.held();
    if (staying().isEmpty() || all.isEmpty()) {
      return;
    }
    new GivingAway(holder, copying, this::standby).give(all);
  }

  private Optional<Replica> standby(KernelId kernel) {
    return Rendezvous.order(kernel.value(), staying()).stream()
        .filter(replica -> !replica.id().equals(replicas.self().id()))
        .findFirst();
  }

  @Override
  public void close() {
    closed = true;
    pulse.close();
    news.release();
    copying.stopAll();
    copies.close();
  }
}
