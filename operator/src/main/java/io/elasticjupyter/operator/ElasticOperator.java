// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator;

import io.elasticjupyter.operator.cluster.Applier;
import io.elasticjupyter.operator.gateway.GatewayReconciler;
import io.elasticjupyter.operator.kernel.KernelReconciler;
import io.elasticjupyter.operator.kernelspec.KernelSpecReconciler;
import io.elasticjupyter.operator.notebook.NotebookReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;

/** Every reconciler, started and stopped together. */
public final class ElasticOperator implements AutoCloseable {

  private static final String LEASE = "elastic-jupyter-operator";

  private final Operator operator;
  private final Set<String> namespaces;

  private ElasticOperator(Operator operator, Set<String> namespaces) {
    this.operator = operator;
    this.namespaces = namespaces;
  }

  /**
   * Begins to reconcile; resources that are there already have their turn at once.
   *
   * @param client closed with the operator
   * @param namespaces those that are watched; empty for all
   * @param leaseNamespace where operators agree on the one that works; empty for no such question
   */
  public static ElasticOperator start(
      KubernetesClient client, Set<String> namespaces, Optional<String> leaseNamespace) {
    Operator operator =
        new Operator(settings -> {
          settings
              .withKubernetesClient(client)
              .withExecutorService(Executors.newVirtualThreadPerTaskExecutor())
              .withCloseClientOnStop(true);
          leaseNamespace.ifPresent(namespace ->
              settings.withLeaderElectionConfiguration(
                  LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                      .withLeaseNamespace(namespace)
                      .build()));
        });
    ElasticOperator elastic = new ElasticOperator(operator, Set.copyOf(namespaces));
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    elastic.register(new GatewayReconciler(client, random, clock));
    elastic.register(new NotebookReconciler(client, random, clock));
    elastic.register(new KernelSpecReconciler(client, clock));
    elastic.register(new KernelReconciler(client, clock));
    operator.start();
    return elastic;
  }

  private <R extends HasMetadata> void register(Reconciler<R> reconciler) {
    operator.register(
        reconciler,
        settings -> {
          settings.withFieldManager(Applier.FIELD_MANAGER);
          if (!namespaces.isEmpty()) {
            settings.settingNamespaces(namespaces);
          }
        });
  }

  /** How many kinds are reconciled. */
  public int kinds() {
    return operator.getRegisteredControllersNumber();
  }

  @Override
  public void close() {
    operator.stop();
  }
}
