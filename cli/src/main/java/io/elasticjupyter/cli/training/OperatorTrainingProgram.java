// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.training;

import io.elasticjupyter.cli.launch.LaunchProgram;
import io.elasticjupyter.cli.operator.OperatorProgram;
import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.Values;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Does once what an operator's start and a launch do, for the JVM's AOT cache (JEP 514) to learn
 * from: the programs {@code operator} and {@code launch} as they are, with one resource of each
 * kind. A cache of its own, since what is in a cache is loaded at every start.
 */
public final class OperatorTrainingProgram implements Program {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String OURS = "/apis/kubeflow.tkestack.io/v1alpha1/namespaces/train/";
  private static final String CORE = "/api/v1/namespaces/train/";
  private static final String HEAD = "{\"apiVersion\": \"kubeflow.tkestack.io/v1alpha1\", ";

  /** The last that the operator writes of a kernel that it made a Pod for. */
  private static final String KERNEL_TOLD = OURS + "jupyterkernels/kernel/status";

  private static final String LAUNCHED = OURS + "jupyterkernels/launched";

  /** Of which the next run is asked for, and runs already. */
  private static final String LAUNCHED_KERNEL =
      HEAD
          + """
          "kind": "JupyterKernel", "metadata": {"name": "launched", "namespace": "train"},
          "spec": {"run": 1},
          "status": {"run": 2, "stage": "Running", "reason": "Running", "message": "It runs."}}
          """;

  private static final Map<String, String> RESOURCES =
      Map.of(
          // A question, which has no name: whether it may use the Lease.
          "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews/",
          """
          {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview",
           "status": {"incomplete": false, "nonResourceRules": [],
            "resourceRules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}}
          """,
          OURS + "jupytergateways/gw",
          HEAD
              + """
              "kind": "JupyterGateway", "metadata": {"name": "gw", "namespace": "train"}, "spec": {}}
              """,
          OURS + "jupyternotebooks/lab",
          HEAD
              + """
              "kind": "JupyterNotebook", "metadata": {"name": "lab", "namespace": "train"},
              "spec": {"gateway": {"name": "gw"}}}
              """,
          OURS + "jupyterkernelspecs/python3",
          HEAD
              + """
              "kind": "JupyterKernelSpec", "metadata": {"name": "python3", "namespace": "train"},
              "spec": {"language": "python", "image": "kernel:1", "template": {"name": "small"}}}
              """,
          OURS + "jupyterkerneltemplates/small",
          HEAD
              + """
              "kind": "JupyterKernelTemplate", "metadata": {"name": "small", "namespace": "train"},
              "spec": {"template": {"spec": {"nodeSelector": {"size": "small"}}}}}
              """,
          OURS + "jupyterkernels/kernel",
          HEAD
              + """
              "kind": "JupyterKernel", "metadata": {"name": "kernel", "namespace": "train"},
              "spec": {"gateway": "gw", "kernelSpec": "python3", "kernelId": "00000000-0000-4000-8000-000000000001"}}
              """,
          CORE + "secrets/gw-gateway",
          """
          {"apiVersion": "v1", "kind": "Secret",
           "metadata": {"name": "gw-gateway", "namespace": "train"},
           "data": {"token": "dA==", "kernel-key": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "callback-key": "a2V5"}}
          """,
          "/api/v1/nodes/node",
          """
          {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node"},
           "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
          """,
          CORE + "pods/running",
          """
          {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "running", "namespace": "train",
            "labels": {"kubeflow.tkestack.io/kernel": "running", "kubeflow.tkestack.io/run": "1"},
            "ownerReferences": [{"apiVersion": "kubeflow.tkestack.io/v1alpha1", "uid": "uid-of-running",
              "kind": "JupyterKernel", "name": "running", "controller": true}]},
           "spec": {"nodeName": "node", "containers": [{"name": "kernel", "image": "kernel:1"}]},
           "status": {"phase": "Running", "podIP": "10.0.0.1", "startTime": "2026-01-01T00:00:00Z",
            "conditions": [{"type": "Ready", "status": "True"}],
            "containerStatuses": [{"name": "kernel", "ready": true, "image": "kernel:1",
              "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}}]}}
          """,
          OURS + "jupyterkernels/running",
          HEAD
              + """
              "kind": "JupyterKernel", "metadata": {"name": "running", "namespace": "train"},
              "spec": {"run": 1},
              "status": {"run": 1, "stage": "Running", "reason": "Running", "message": "It runs.", "pod": "running"}}
              """);

  @Override
  public String name() {
    return "train-operator";
  }

  @Override
  public String summary() {
    return "";
  }

  @Override
  public String description() {
    return "Starts an operator and a launch at a stand-in for a cluster, and ends: what the cache"
        + " for their fast start is made from.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of();
  }

  @Override
  public int run(Values values, List<String> arguments, Console console)
      throws ProgramFailure, Values.Unusable, InterruptedException {
    try {
      StandInCluster cluster = StandInCluster.start(KERNEL_TOLD);
      for (Map.Entry<String, String> resource : RESOURCES.entrySet()) {
        cluster.put(resource.getKey(), resource.getValue());
      }
      // What the library of the programs asks first, before the environment and the user's files.
      System.setProperty("kubernetes.master", cluster.url());
      System.setProperty("kubernetes.auth.tryKubeConfig", "false");
      System.setProperty("kubernetes.auth.tryServiceAccount", "false");
      Thread.ofPlatform().daemon().name("operator").start(() -> operate(console));
      if (!cluster.await(PATIENCE)) {
        throw new ProgramFailure("the operator did not make the kernel's Pod in time");
      }
      cluster.put(LAUNCHED, LAUNCHED_KERNEL);
      launch(console);
      return 0;
    } catch (IOException failure) {
      throw new ProgramFailure("the stand-in for a cluster failed: " + failure, failure);
    }
  }

  private static void operate(Console console) {
    Map<String, String> options = Map.of("--monitoring-port", "0", "--lease-namespace", "train");
    OperatorProgram operator = new OperatorProgram();
    try {
      operator.run(
          Values.read(operator.groups(), options, console.environment()), List.of(), console);
    } catch (ProgramFailure | Values.Unusable failure) {
      console.say("elastic-jupyter train-operator: " + failure.getMessage());
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  private static void launch(Console console)
      throws ProgramFailure, Values.Unusable, InterruptedException {
    LaunchProgram launch = new LaunchProgram();
    Map<String, String> environment =
        Map.of(
            "KERNEL_ID", "00000000-0000-4000-8000-000000000000",
            "KERNEL_NAMESPACE", "train",
            "KERNEL_POD_NAME", "launched",
            "KERNEL_NAME", "python3",
            "EG_RESPONSE_ADDRESS", "127.0.0.1:1",
            "EG_PUBLIC_KEY", "training",
            "EG_PORT_RANGE", "0..0");
    launch.run(
        Values.read(launch.groups(), Map.of(), environment),
        List.of(),
        new Console(console.out(), console.err(), environment));
  }
}
