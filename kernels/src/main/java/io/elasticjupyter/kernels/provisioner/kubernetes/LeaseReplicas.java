// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.kernels.replicas.Replica;
import io.elasticjupyter.kernels.replicas.Replicas;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Replicas that say that they live by renewing a Lease each, named as their Pod. Another's life is
 * judged by when its Lease was seen to change, by this machine's clock alone; and only while this
 * replica's own renewals arrive: while the API server is away nobody is taken for dead, and after
 * that everybody has the whole time again.
 */
public final class LeaseReplicas implements Replicas, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(LeaseReplicas.class.getName());

  private static final Duration RENEWED_EVERY = Duration.ofMillis(1_500);

  /** Four renewals; within the first four tries of a client of jupyter_server, 1 + 2 + 4 + 8 s. */
  private static final Duration LASTS = Duration.ofSeconds(6);

  /** A replica that could not renew for so long gives up to decide, before others take over. */
  private static final Duration TRUSTED = Duration.ofMillis(4_500);

  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

  private static final Duration LEAVING_TOLD = Duration.ofSeconds(3);

  private final KubernetesClient client;
  private final Settings settings;
  private final InstantSource clock;
  private final Optional<OwnerReference> owner;
  private final SharedIndexInformer<Lease> leases;
  private final ReentrantLock lock = new ReentrantLock();
  private final SeenLeases seen = new SeenLeases(LASTS, System::nanoTime);
  private final Semaphore wakeUp = new Semaphore(0);
  private volatile Runnable changed = () -> {};
  private volatile boolean leaving;
  private volatile boolean closed;
  private volatile long renewedAt;
  private final AtomicInteger lapses = new AtomicInteger();
  private List<Replica> lastLive = List.of();

  /**
   * Which replica this is.
   *
   * @param namespace where the Leases are
   * @param gateway the JupyterGateway's name
   * @param podName also the Lease's name
   * @param incarnation of this process
   * @param address where the others reach it
   */
  public record Settings(
      String namespace, String gateway, String podName, String incarnation, String address) {}

  private LeaseReplicas(KubernetesClient client, Settings settings, InstantSource clock) {
    this.owner = owner(client, settings);
    this.client = client;
    this.settings = settings;
    this.clock = clock;
    this.leases =
        client
            .leases()
            .inNamespace(settings.namespace())
            .withLabel(Labels.GATEWAY, settings.gateway())
            .inform(new Watcher());
  }

  /**
   * Says that this replica lives, and learns which others do; returns when both are done.
   *
   * @throws KubernetesClientException if the API server does not take it
   */
  public static LeaseReplicas start(
      KubernetesClient client, Settings settings, InstantSource clock) {
    LeaseReplicas replicas = new LeaseReplicas(client, settings, clock);
    try {
      replicas.renew();
    } catch (KubernetesClientException e) {
      replicas.leases.stop();
      throw e;
    }
    Thread.ofVirtual().name("lease").start(replicas::keepRenewing);
    return replicas;
  }

  /**
   * So that Leases go with their gateway. Not with their Pod: one that is deleted by force is told
   * to end as well, and would be taken for dead while it still gives its kernels away.
   */
  private static Optional<OwnerReference> owner(KubernetesClient client, Settings settings) {
    return Optional.ofNullable(
            client
                .resources(JupyterGateway.class)
                .inNamespace(settings.namespace())
                .withName(settings.gateway())
                .get())
        .map(gateway ->
            new OwnerReferenceBuilder()
                .withApiVersion(gateway.getApiVersion())
                .withKind(gateway.getKind())
                .withName(gateway.getMetadata().getName())
                .withUid(gateway.getMetadata().getUid())
                .build());
  }

  private final class Watcher implements ResourceEventHandler<Lease> {

    @Override
    public void onAdd(Lease lease) {
      saw(lease);
    }

    @Override
    public void onUpdate(Lease before, Lease lease) {
      saw(lease);
    }

    @Override
    public void onDelete(Lease lease, boolean finalStateUnknown) {
      seen.gone(lease.getMetadata().getName());
      tellIfChanged();
    }
  }

  private void saw(Lease lease) {
    seen.saw(lease);
    tellIfChanged();
  }

  private void tellIfChanged() {
    List<Replica> now = live();
    boolean different;
    lock.lock();
    try {
      different = !now.equals(lastLive);
      lastLive = now;
    } finally {
      lock.unlock();
    }
    if (different) {
      LOG.log(Level.INFO, "event=replicas live={0}", now.stream().map(Replica::id).toList());
      changed.run();
    }
  }

  private void keepRenewing() {
    try {
      while (!closed) {
        boolean _ = wakeUp.tryAcquire(RENEWED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        if (!closed) {
          renewSafely();
          tellIfChanged();
          removeLongDead();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void renewSafely() {
    try {
      renew();
    } catch (KubernetesClientException e) {
      LOG.log(
          mayDecide() ? Level.DEBUG : Level.WARNING,
          "event=lease-not-renewed consequence=nothing-is-decided-until-it-is reason={0}",
          KubernetesProvisioner.sentence(e));
    }
  }

  /** Leases of Pods that ended without a word. */
  private void removeLongDead() {
    if (!mayDecide()) {
      return;
    }
    for (Lease lease : seen.silentFor(FORGOTTEN_AFTER)) {
      try {
        List<?> deleted = client.resource(lease).delete();
        LOG.log(
            Level.INFO,
            "event=lease-of-a-dead-replica-removed name={0} found={1}",
            lease.getMetadata().getName(),
            deleted.size());
      } catch (KubernetesClientException e) {
        LOG.log(Level.DEBUG, "event=lease-not-removed reason={0}", e.getMessage());
      }
    }
  }

  private void renew() {
    long begin = System.nanoTime();
    Lease _ = client.resource(lease()).createOr(NonDeletingOperation::update);
    boolean lapsed = renewedAt != 0 && begin - renewedAt > TRUSTED.toNanos();
    if (lapsed) {
      seen.giveTheWholeTime();
      LOG.log(Level.WARNING, "event=lease-had-lapsed times={0}", lapses.incrementAndGet());
    }
    renewedAt = begin;
    if (lapsed) {
      changed.run();
    }
  }

  private Lease lease() {
    LeaseBuilder lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withName(settings.podName())
            .withNamespace(settings.namespace())
            .addToLabels(Labels.GATEWAY, settings.gateway())
            .addToLabels(Labels.COMPONENT, "gateway")
            .addToAnnotations(Labels.REPLICA_ADDRESS, settings.address())
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity(settings.incarnation())
            .withLeaseDurationSeconds((int) LASTS.toSeconds())
            .withRenewTime(ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
            .endSpec();
    if (leaving) {
      lease.editMetadata().addToAnnotations(Labels.REPLICA_LEAVING, "true").endMetadata();
    }
    owner.ifPresent(reference -> lease.editMetadata().withOwnerReferences(reference).endMetadata());
    return lease.build();
  }

  @Override
  public Replica self() {
    return new Replica(settings.podName(), settings.incarnation(), settings.address(), leaving);
  }

  @Override
  public List<Replica> live() {
    boolean judging = System.nanoTime() - renewedAt <= TRUSTED.toNanos();
    List<Replica> live = new ArrayList<>(seen.liveBut(settings.podName(), judging));
    live.add(self());
    live.sort(Comparator.comparing(Replica::name));
    return live;
  }

  @Override
  public boolean mayDecide() {
    return System.nanoTime() - renewedAt <= TRUSTED.toNanos();
  }

  @Override
  public int lapses() {
    return lapses.get();
  }

  @Override
  public void onChange(Runnable callback) {
    changed = callback;
  }

  @Override
  public void leave() {
    leaving = true;
    long deadline = System.nanoTime() + LEAVING_TOLD.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        renew();
        return;
      } catch (KubernetesClientException e) {
        LOG.log(
            Level.WARNING,
            "event=leaving-not-told action=tried-again reason={0}",
            KubernetesProvisioner.sentence(e));
      }
    }
  }

  /** Takes the Lease away, so that nobody waits until it has run out. */
  @Override
  public void close() {
    closed = true;
    wakeUp.release();
    leases.stop();
    Resource<Lease> own =
        client.leases().inNamespace(settings.namespace()).withName(settings.podName());
    try {
      List<?> deleted = own.delete();
      LOG.log(Level.DEBUG, "event=lease-deleted found={0}", deleted.size());
    } catch (KubernetesClientException e) {
      LOG.log(Level.WARNING, "event=lease-left reason={0}", KubernetesProvisioner.sentence(e));
    }
  }
}
