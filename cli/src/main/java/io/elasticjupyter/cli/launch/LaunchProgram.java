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
import java.util.function.Consumer;

/**
 * Writes a JupyterKernel for an Enterprise Gateway, of which the operator makes a Pod, and ends
 * when that runs. Enterprise Gateway looks for the Pod by its labels and waits for the kernel's
 * call; that a launcher failed it learns from the exit code, while there is no Pod.
 */
public final class LaunchProgram implements Program {

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int ATTEMPTS = 5;

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
        + " of which the operator makes a Pod, and ends with 0 when that runs. A kernel that cannot run"
        + " is taken back. Reads the flags below and the names KERNEL_NAMESPACE, KERNEL_POD_NAME,"
        + " KERNEL_USERNAME, KERNEL_IMAGE, KERNEL_NAME, EG_NAME and EG_NAMESPACE of the environment;"
        + " every KERNEL_ name is handed on to the kernel.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(LaunchOptions.GROUP);
  }

  @Override
  public int run(Values values, List<String> arguments, Console console) throws ProgramFailure {
    LaunchRequest request = LaunchOptions.request(values, console.environment());
    request.check();
    Consumer<String> progress = LaunchOptions.verbose(values) ? console::say : said -> {};
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      JupyterKernel kernel = launch(client, request);
      int run = Objects.requireNonNullElse(kernel.getSpec().run(), 1);
      progress.accept(
          "jupyterkernel %s/%s is written, run %d"
              .formatted(request.namespace(), request.name(), run));
      new AwaitedStart(client.resource(kernel), run, progress).await(LaunchOptions.timeout(values));
      return 0;
    } catch (KubernetesClientException e) {
      throw new ProgramFailure(
          "the kernel %s/%s could not be started: %s"
              .formatted(request.namespace(), request.name(), e.getMessage()),
          e);
    }
  }

  private static JupyterKernel launch(KubernetesClient client, LaunchRequest request)
      throws ProgramFailure {
    Optional<JupyterGateway> gateway = Optional.empty();
    if (request.gateway().isPresent()) {
      gateway =
          Optional.of(
              find(
                  client,
                  JupyterGateway.class,
                  request.gatewayNamespace(),
                  request.gateway().get()));
    }
    PodTemplateSpec template = template(client, request);
    for (int attempt = 1; ; attempt++) {
      try {
        return write(client, request, template, gateway);
      } catch (KubernetesClientException e) {
        // A restart: the operator writes the status of the run before, or removes it, meanwhile.
        boolean isRace = e.getCode() == CONFLICT || e.getCode() == NOT_FOUND;
        if (!isRace || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** A resource that is there already is asked for its next run, which has a new Pod. */
  private static JupyterKernel write(
      KubernetesClient client,
      LaunchRequest request,
      PodTemplateSpec template,
      Optional<JupyterGateway> gateway) {
    JupyterKernel before =
        client
            .resources(JupyterKernel.class)
            .inNamespace(request.namespace())
            .withName(request.name())
            .get();
    if (before == null) {
      return client.resource(LaunchedKernel.of(request, template, gateway, 1)).create();
    }
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
    String kernelspec =
        request
            .kernelspec()
            .orElseThrow(() ->
                new ProgramFailure(
                    "--kernel-template-name is missing, and so is KERNEL_NAME (the JupyterKernelSpec"
                        + " that names the template)"));
    JupyterKernelSpec spec =
        find(client, JupyterKernelSpec.class, request.gatewayNamespace(), kernelspec);
    if (spec.getSpec().template() == null) {
      throw new ProgramFailure(
          "--kernel-template-name is missing, and the JupyterKernelSpec %s/%s names no template either"
              .formatted(request.gatewayNamespace(), kernelspec));
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
