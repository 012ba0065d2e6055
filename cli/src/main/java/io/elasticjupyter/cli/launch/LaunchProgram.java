// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.launch;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.JupyterKernelSpec;
import io.elasticjupyter.api.JupyterKernelTemplate;
import io.elasticjupyter.api.ObjectName;
import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.Values;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Writes a JupyterKernel for an Enterprise Gateway and ends; the operator makes its Pod. */
public final class LaunchProgram implements Program {

  private static final int CONFLICT = 409;

  @Override
  public String name() {
    return "launch";
  }

  @Override
  public String summary() {
    return "Starts a kernel for an Enterprise Gateway, as kubeflow-launcher did.";
  }

  @Override
  public String description() {
    return "The command of a kernelspec in an Enterprise Gateway: writes a JupyterKernel resource,"
        + " of which the operator makes a Pod. Reads the flags below and the names KERNEL_ID,"
        + " KERNEL_NAME, KERNEL_NAMESPACE, KERNEL_POD_NAME, KERNEL_USERNAME, KERNEL_IMAGE,"
        + " KERNEL_LANGUAGE, EG_NAME and EG_NAMESPACE of the environment.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(LaunchOptions.GROUP);
  }

  @Override
  public int run(Values values, List<String> arguments, Console console) throws ProgramFailure {
    LaunchRequest request = LaunchOptions.request(values, console.environment());
    request.check();
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      JupyterKernel kernel = launch(client, request);
      if (LaunchOptions.verbose(values)) {
        console.say(
            "jupyterkernel %s/%s is written, run %d"
                .formatted(request.namespace(), request.name(), kernel.getSpec().run()));
      }
      return 0;
    } catch (KubernetesClientException e) {
      throw new ProgramFailure(
          "the kernel %s/%s could not be written: %s"
              .formatted(request.namespace(), request.name(), e.getMessage()),
          e);
    }
  }

  private static JupyterKernel launch(KubernetesClient client, LaunchRequest request)
      throws ProgramFailure {
    JupyterGateway gateway =
        find(client, JupyterGateway.class, request.gatewayNamespace(), request.gateway());
    PodTemplateSpec template = template(client, request);
    try {
      return client.resource(LaunchedKernel.of(request, template, gateway, 1)).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
    }
    // A restart: Enterprise Gateway has ended the Pod and asks for the same kernel again.
    JupyterKernel before = find(client, JupyterKernel.class, request.namespace(), request.name());
    int run = Optional.ofNullable(before.getSpec().run()).orElse(1) + 1;
    JupyterKernel again = LaunchedKernel.of(request, template, gateway, run);
    again.getMetadata().setResourceVersion(before.getMetadata().getResourceVersion());
    return client.resource(again).update();
  }

  private static PodTemplateSpec template(KubernetesClient client, LaunchRequest request)
      throws ProgramFailure {
    ObjectName name =
        request.templateName().isPresent()
            ? new ObjectName(request.templateName().get(), request.templateNamespace().orElse(null))
            : templateOfKernelspec(client, request);
    JupyterKernelTemplate template =
        find(
            client,
            JupyterKernelTemplate.class,
            name.namespaceOr(request.namespace()),
            name.name());
    return Objects.requireNonNullElseGet(template.getSpec().template(), PodTemplateSpec::new);
  }

  private static ObjectName templateOfKernelspec(KubernetesClient client, LaunchRequest request)
      throws ProgramFailure {
    JupyterKernelSpec spec =
        find(client, JupyterKernelSpec.class, request.gatewayNamespace(), request.kernelspec());
    if (spec.getSpec().template() == null) {
      throw new ProgramFailure(
          "--kernel-template-name is missing, and the JupyterKernelSpec %s/%s names no template either"
              .formatted(request.gatewayNamespace(), request.kernelspec()));
    }
    ObjectName template = spec.getSpec().template();
    return new ObjectName(template.name(), template.namespaceOr(request.gatewayNamespace()));
  }

  private static <T extends HasMetadata> T find(
      KubernetesClient client, Class<T> kind, String namespace, String name) throws ProgramFailure {
    T found = client.resources(kind).inNamespace(namespace).withName(name).get();
    if (found == null) {
      throw new ProgramFailure(
          "there is no %s %s/%s".formatted(HasMetadata.getKind(kind), namespace, name));
    }
    return found;
  }
}
