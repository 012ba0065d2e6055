// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator;

import io.elasticjupyter.operator.cluster.Applier;
import io.elasticjupyter.operator.gateway.GatewayImage;
import io.elasticjupyter.operator.gateway.GatewayReconciler;
import io.elasticjupyter.operator.kernel.KernelReconciler;
import io.elasticjupyter.operator.kernelspec.KernelSpecReconciler;
import io.elasticjupyter.operator.monitoring.OperatorMeters;
import io.elasticjupyter.operator.notebook.NotebookReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.javaoperatorsdk.operator.processing.retry.Retry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;

/** Every reconciler, started and stopped together. */
public final class ElasticOperator implements AutoCloseable {

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration SLOWEST_RETRY = Duration.ofSeconds(20);

  /** So that what no event told is found all the same; where all is well this writes nothing. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(2);

  private final KubernetesClient client;
  private final Operator operator;
  private final Optional<Leadership> leadership;
  private final Set<String> namespaces;

  private ElasticOperator(
      KubernetesClient client,
      Operator operator,
      Optional<Leadership> leadership,
      Set<String> namespaces) {
    this.client = client;
    this.operator = operator;
    this.leadership = leadership;
    this.namespaces = namespaces;
  }

  /**
   * Begins to reconcile; resources that are there already have their turn at once.
   *
   * @param client closed with the operator
   * @param image of gateways whose resource names none
   * @param namespaces those that are watched; empty for all
   * @param leaseNamespace where operators agree on the one that works; empty for no such question
   * @param meters told of everything that is done
   */
  public static ElasticOperator start(
      KubernetesClient client,
      GatewayImage image,
      Set<String> namespaces,
      Optional<String> leaseNamespace,
      OperatorMeters meters) {
    Optional<Leadership> leadership =
        leaseNamespace.map(namespace -> new Leadership(client, namespace, meters));
    Operator operator =
        new Operator(settings -> {
          settings
              .withKubernetesClient(client)
              .withExecutorService(Executors.newVirtualThreadPerTaskExecutor())
              .withMetrics(meters)
              .withCloseClientOnStop(false);
          leadership.ifPresent(
              each -> settings.withLeaderElectionConfiguration(each.configuration()));
        });
    ElasticOperator elastic =
        new ElasticOperator(client, operator, leadership, Set.copyOf(namespaces));
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    elastic.register(new GatewayReconciler(client, image, random, clock));
    elastic.register(new NotebookReconciler(client, image, random, clock));
    elastic.register(new KernelSpecReconciler(client, clock));
    KernelReconciler kernels = new KernelReconciler(client, clock);
    elastic.register(kernels);
    operator.start();
    meters.countKernels(kernels::known);
    if (leadership.isEmpty()) {
      meters.leading(true);
    }
    return elastic;
  }

  private <R extends HasMetadata> void register(Reconciler<R> reconciler) {
    operator.register(
        reconciler,
        settings -> {
          settings
              .withFieldManager(Applier.FIELD_MANAGER)
              .withRetry(untilItSucceeds())
              .withReconciliationMaxInterval(LOOK_AGAIN);
          if (!namespaces.isEmpty()) {
            settings.settingNamespaces(namespaces);
          }
        });
  }

  /** The SDK's own gives up after a quarter of a minute; an API server may be away for longer. */
  private static Retry untilItSucceeds() {
    return new GenericRetry()
        .setInitialInterval(FIRST_RETRY.toMillis())
        .setMaxInterval(SLOWEST_RETRY.toMillis())
        .withoutMaxAttempts();
  }

  /** How many kinds are reconciled. */
  public int kinds() {
    return operator.getRegisteredControllersNumber();
  }

  /** Whether everything that it watches is still told to it. */
  public boolean isHealthy() {
    return operator.getRuntimeInfo().allEventSourcesAreHealthy();
  }

  @Override
  public void close() {
    operator.stop();
    leadership.ifPresent(Leadership::release);
    client.close();
  }
}
