// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.elasticjupyter.api.Images;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A root file system that nobody writes to, for the images whose writable places are known: our
 * own. A template that says otherwise, or mounts something there, has its way.
 */
public final class ReadOnlyRoot {

  private static final Set<String> IMAGES = Set.of(Images.KERNEL_PYTHON, Images.NOTEBOOK);

  private record Place(String path, String volume) {}

  /** Scratch space, and where a user's files and packages go. */
  private static final List<Place> WRITABLE =
      List.of(
          new Place("/tmp", "elastic-jupyter-tmp"),
          new Place("/home/jovyan", "elastic-jupyter-home"));

  private ReadOnlyRoot() {}

  /** The Pod with a read-only root in each container of a known image. */
  public static PodSpec of(PodSpec given) {
    Map<String, Volume> volumes = new LinkedHashMap<>();
    List<Container> containers =
        given.getContainers().stream().map(each -> container(each, volumes)).toList();
    return new PodSpecBuilder(given)
        .withContainers(containers)
        .addAllToVolumes(volumes.values())
        .build();
  }

  private static Container container(Container given, Map<String, Volume> volumes) {
    SecurityContext own =
        Objects.requireNonNullElseGet(given.getSecurityContext(), SecurityContext::new);
    boolean known = given.getImage() != null && IMAGES.contains(given.getImage());
    if (!known || own.getReadOnlyRootFilesystem() != null) {
      return given;
    }
    ContainerBuilder container =
        new ContainerBuilder(given)
            .withSecurityContext(
                new SecurityContextBuilder(own).withReadOnlyRootFilesystem(true).build());
    for (Place place : WRITABLE) {
      if (!mounts(given, place.path())) {
        container
            .addNewVolumeMount()
            .withName(place.volume())
            .withMountPath(place.path())
            .endVolumeMount();
        volumes.put(place.volume(), Claims.scratch(place.volume()));
      }
    }
    return container.build();
  }

  private static boolean mounts(Container container, String path) {
    return container.getVolumeMounts().stream()
        .anyMatch(mount -> path.equals(mount.getMountPath()));
  }
}
