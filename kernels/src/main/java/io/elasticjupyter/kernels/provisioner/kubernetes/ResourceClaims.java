// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.replicas.Claims;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Whose a kernel is, as an annotation of its JupyterKernel, which changes only if the resource is
 * still as it was read. Safe for any thread.
 */
final class ResourceClaims implements Claims {

  private static final System.Logger LOG = System.getLogger(ResourceClaims.class.getName());

  /** The operator writes the same resource. */
  private static final int TRIES = 10;

  /** A patch whose test fails, by the API server. */
  private static final int TEST_FAILED = 422;

  private static final String PATH =
      "/metadata/annotations/" + Labels.REPLICA.replace("~", "~0").replace("/", "~1");

  private final Supplier<List<JupyterKernel>> watched;
  private final Function<KernelId, Optional<Resource<JupyterKernel>>> resources;
  private volatile Consumer<KernelId> changed = kernel -> {};

  /**
   * @param watched what the watch knows
   * @param resources a kernel's resource; empty where the watch knows none
   */
  ResourceClaims(
      Supplier<List<JupyterKernel>> watched,
      Function<KernelId, Optional<Resource<JupyterKernel>>> resources) {
    this.watched = watched;
    this.resources = resources;
  }

  /** Who is noted to have a kernel; "" where nobody is. */
  static String owner(JupyterKernel kernel) {
    return Objects.requireNonNullElse(
            kernel.getMetadata().getAnnotations(), Map.<String, String>of())
        .getOrDefault(Labels.REPLICA, "");
  }

  @Override
  public Map<KernelId, String> all() {
    Map<KernelId, String> all = new HashMap<>();
    for (JupyterKernel kernel : watched.get()) {
      if (kernel.getSpec().kernelSpec() != null
          && kernel.getMetadata().getDeletionTimestamp() == null) {
        KernelResource.id(kernel).ifPresent(id -> all.put(id, owner(kernel)));
      }
    }
    return all;
  }

  @Override
  public boolean take(KernelId kernel, String from, String to) {
    Optional<Resource<JupyterKernel>> resource = resources.apply(kernel);
    if (resource.isEmpty()) {
      return false;
    }
    try {
      for (int i = 0; i < TRIES; i++) {
        JupyterKernel current = resource.get().get();
        if (current == null || !owner(current).equals(from)) {
          return current != null && owner(current).equals(to);
        }
        if (isTaken(resource.get(), current, to)) {
          return true;
        }
      }
    } catch (KubernetesClientException e) {
      LOG.log(
          Level.WARNING,
          "event=kernel-not-claimed kernel={0} reason={1}",
          kernel,
          KubernetesProvisioner.sentence(e));
    }
    return false;
  }

  /** False where the resource has changed meanwhile. */
  private static boolean isTaken(
      Resource<JupyterKernel> resource, JupyterKernel current, String to) {
    String none =
        current.getMetadata().getAnnotations() == null
                || current.getMetadata().getAnnotations().isEmpty()
            ? "{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":{}},"
            : "";
    String patch =
        "[{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\",\"value\":\"%s\"},%s{\"op\":\"add\",\"path\":\"%s\",\"value\":\"%s\"}]"
            .formatted(current.getMetadata().getResourceVersion(), none, PATH, to);
    try {
      JupyterKernel _ = resource.patch(PatchContext.of(PatchType.JSON), patch);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == TEST_FAILED) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Optional<String> ask(KernelId kernel) {
    return resources
        .apply(kernel)
        .flatMap(resource -> Optional.ofNullable(resource.get()))
        .map(ResourceClaims::owner);
  }

  @Override
  public void onChange(Consumer<KernelId> callback) {
    changed = callback;
  }

  /** The watch has seen a kernel come, go, or change. */
  void changed(JupyterKernel kernel) {
    KernelResource.id(kernel).ifPresent(changed);
  }
}
