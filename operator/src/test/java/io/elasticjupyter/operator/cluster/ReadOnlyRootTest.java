// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.api.Images;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import org.junit.jupiter.api.Test;

final class ReadOnlyRootTest {

  @Test
  void ourImagesWriteToVolumesOnly() {
    PodSpec pod = ReadOnlyRoot.of(podOf(container(Images.KERNEL_PYTHON).build()));

    Container container = pod.getContainers().getFirst();
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getVolumeMounts())
        .extracting(VolumeMount::getMountPath)
        .containsExactlyInAnyOrder("/tmp", "/home/jovyan");
    assertThat(pod.getVolumes())
        .extracting(Volume::getName)
        .containsExactlyInAnyOrderElementsOf(
            container.getVolumeMounts().stream().map(VolumeMount::getName).toList());
  }

  @Test
  void otherImagesAreLeftAsTheyAre() {
    PodSpec pod = podOf(container("registry.example/ours:1").build());

    assertThat(ReadOnlyRoot.of(pod)).isEqualTo(pod);
  }

  @Test
  void whatATemplateSaysStays() {
    PodSpec open =
        podOf(
            container(Images.NOTEBOOK)
                .withNewSecurityContext()
                .withReadOnlyRootFilesystem(false)
                .endSecurityContext()
                .build());
    PodSpec withHome =
        podOf(
            container(Images.NOTEBOOK)
                .addNewVolumeMount()
                .withName("claim")
                .withMountPath("/home/jovyan")
                .endVolumeMount()
                .build());

    assertThat(ReadOnlyRoot.of(open)).isEqualTo(open);
    assertThat(ReadOnlyRoot.of(withHome).getContainers().getFirst().getVolumeMounts())
        .extracting(VolumeMount::getName)
        .containsExactly("claim", "elastic-jupyter-tmp");
  }

  private static ContainerBuilder container(String image) {
    return new ContainerBuilder().withName("main").withImage(image);
  }

  private static PodSpec podOf(Container container) {
    return new PodSpecBuilder().withContainers(container).build();
  }
}
