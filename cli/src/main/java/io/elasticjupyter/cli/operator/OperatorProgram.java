// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.operator;

import io.elasticjupyter.api.Images;
import io.elasticjupyter.cli.cluster.ClusterClient;
import io.elasticjupyter.cli.local.ServiceOptions;
import io.elasticjupyter.cli.logging.Logs;
import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.OrderlyEnd;
import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.operator.ElasticOperator;
import io.elasticjupyter.operator.gateway.GatewayImage;
import io.elasticjupyter.operator.monitoring.OperatorEndpoint;
import io.elasticjupyter.operator.monitoring.OperatorMeters;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Reconciles the five custom resources until it is told to end. */
public final class OperatorProgram implements Program {

  private static final Setting<Set<String>> NAMESPACES =
      Setting.of(
              "--namespaces",
              Shape.several("NAMESPACE", ","),
              "",
              ValueReaders::names,
              "Namespaces whose resources are reconciled; all without it.")
          .named("ELASTIC_JUPYTER_NAMESPACES");

  private static final Setting<Optional<String>> LEASE_NAMESPACE =
      Setting.of(
              "--lease-namespace",
              Shape.one("NAMESPACE"),
              "",
              ValueReaders::optionalText,
              "Namespace of the Lease by which several operators agree on the one that works; none"
                  + " is asked without it.")
          .named("ELASTIC_JUPYTER_LEASE_NAMESPACE");

  private static final Setting<String> GATEWAY_IMAGE =
      Setting.of(
              "--gateway-image",
              Shape.one("IMAGE"),
              Images.PROGRAMS,
              ValueReaders::text,
              "Image of gateways whose JupyterGateway names none, with which notebooks wait for theirs"
                  + " as well: the operator's own, so that all are of one version.")
          .named("ELASTIC_JUPYTER_GATEWAY_IMAGE");

  private static final Setting<Integer> MONITORING_PORT =
      Setting.of(
              "--monitoring-port",
              Shape.one("PORT"),
              "8080",
              ValueReaders.number(0, 65535),
              "Port of /metrics, /readyz and /healthz; 0 for any free one.")
          .named("ELASTIC_JUPYTER_MONITORING_PORT");

  private static final SettingGroup GROUP =
      new SettingGroup(
          "What is reconciled",
          List.of(
              NAMESPACES,
              LEASE_NAMESPACE,
              GATEWAY_IMAGE,
              MONITORING_PORT,
              ServiceOptions.LOG_LEVEL));

  @Override
  public String name() {
    return "operator";
  }

  @Override
  public String summary() {
    return "Makes Pods, Deployments and Services of the five custom resources.";
  }

  @Override
  public String description() {
    return "Watches JupyterNotebook, JupyterGateway, JupyterKernelSpec, JupyterKernelTemplate and"
        + " JupyterKernel resources of a Kubernetes cluster and makes what they ask for. Reaches"
        + " the cluster as kubectl does: by KUBECONFIG, or from inside by its ServiceAccount."
        + " Everything that it made goes on running when it ends.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(GROUP);
  }

  @Override
  public int run(Values values, List<String> arguments, Console console)
      throws ProgramFailure, InterruptedException {
    Logs.show(values.get(ServiceOptions.LOG_LEVEL));
    OrderlyEnd end = new OrderlyEnd(console);
    KubernetesClient client = ClusterClient.open();
    OperatorMeters meters = new OperatorMeters();
    try {
      ElasticOperator operator =
          end.closing(
              ElasticOperator.start(
                  client,
                  new GatewayImage(values.get(GATEWAY_IMAGE)),
                  values.get(NAMESPACES),
                  values.get(LEASE_NAMESPACE),
                  meters));
      OperatorEndpoint endpoint =
          end.closing(
              OperatorEndpoint.open(
                  values.get(MONITORING_PORT), meters::scrape, operator::isHealthy));
      console.print(
          "The operator reconciles %d kinds at %s; metrics at port %d."
              .formatted(operator.kinds(), client.getMasterUrl(), endpoint.port()));
    } catch (IOException e) {
      throw new ProgramFailure(
          "port %d cannot be listened on (%s); --monitoring-port names another"
              .formatted(values.get(MONITORING_PORT), e.getMessage()),
          e);
    } catch (KubernetesClientException | OperatorException e) {
      throw new ProgramFailure(
          "the cluster at %s cannot be watched: %s. Are the CRDs installed (deploy/crds), and may this user watch them?"
              .formatted(client.getMasterUrl(), e.getMessage()),
          e);
    }
    new CountDownLatch(1).await();
    return 0;
  }
}
