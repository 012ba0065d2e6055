// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.elasticjupyter.api.JupyterNotebook;
import io.elasticjupyter.api.JupyterNotebookSpec;
import io.elasticjupyter.operator.notebook.NotebookResources.GatewayAccess;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NotebookResourcesTest {

  private static final GatewayAccess ACCESS =
      new GatewayAccess("http://gw.team:8888", "t0ken", "registry.example/programs:2");

  @Test
  void aNotebookStartsBehindAWaitForItsGateway() {
    PodSpec pod = pod(template(), Optional.of(ACCESS));

    assertThat(pod.getInitContainers())
        .extracting(Container::getName)
        .as("before what the template runs first, which may need the gateway as well")
        .containsExactly("await-gateway", "fetch");
    Container wait = pod.getInitContainers().getFirst();
    assertThat(wait.getImage()).isEqualTo("registry.example/programs:2");
    assertThat(wait.getArgs()).containsExactly("await-gateway");
    assertThat(wait.getEnv())
        .as("no token: any answer will do")
        .extracting(EnvVar::getName, EnvVar::getValue)
        .containsExactly(tuple("JUPYTER_GATEWAY_URL", "http://gw.team:8888"));
    assertThat(wait.getResources())
        .as("so that quotas that want some have them, and the Pod asks for no more than before")
        .isEqualTo(pod.getContainers().getFirst().getResources());
    assertThat(wait.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(wait.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
  }

  @Test
  void aNotebookWithoutAGatewayWaitsForNone() {
    assertThat(pod(template(), Optional.empty()).getInitContainers())
        .extracting(Container::getName)
        .containsExactly("fetch");
    assertThat(pod(null, Optional.empty()).getInitContainers()).isEmpty();
  }

  @Test
  void aNotebookThatRunsIsNotReplacedForTheImageThatItWaitedWith() {
    Deployment ready =
        new DeploymentBuilder(deployment(template(), Optional.of(ACCESS)))
            .withNewStatus()
            .withReadyReplicas(1)
            .endStatus()
            .build();
    Deployment starting =
        new DeploymentBuilder(ready).editStatus().withReadyReplicas(0).endStatus().build();

    assertThat(NotebookResources.waitedWith(ready)).hasValue("registry.example/programs:2");
    assertThat(NotebookResources.waitedWith(starting))
        .as("one whose image is not there is given another")
        .isEmpty();
  }

  private static PodSpec pod(@Nullable PodTemplateSpec template, Optional<GatewayAccess> gateway) {
    return deployment(template, gateway).getSpec().getTemplate().getSpec();
  }

  private static Deployment deployment(
      @Nullable PodTemplateSpec template, Optional<GatewayAccess> gateway) {
    JupyterNotebook notebook = new JupyterNotebook();
    notebook.setMetadata(new ObjectMetaBuilder().withName("lab").withNamespace("team").build());
    notebook.setSpec(new JupyterNotebookSpec(null, null, template, null));
    return NotebookResources.deployment(notebook, gateway);
  }

  private static PodTemplateSpec template() {
    return new PodTemplateSpecBuilder()
        .withNewSpec()
        .addNewInitContainer()
        .withName("fetch")
        .withImage("fetch:1")
        .endInitContainer()
        .addNewContainer()
        .withName("lab")
        .withNewResources()
        .addToLimits("memory", new Quantity("1Gi"))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }
}
