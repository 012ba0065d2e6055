// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.api.JupyterKernelSpec;
import io.elasticjupyter.api.JupyterKernelSpecSpec;
import io.elasticjupyter.api.JupyterKernelSpecStatus;
import io.elasticjupyter.api.KernelCommands;
import io.elasticjupyter.api.LaunchMode;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.elasticjupyter.wire.kernelspec.KernelSpecException;
import io.elasticjupyter.wire.kernelspec.KernelSpecReader;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The JupyterKernelSpecs of a namespace as clients know kernelspecs. Live: what is applied, changed
 * or deleted is there at the next call. Safe for any thread.
 */
public final class KubernetesKernelSpecs implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(KubernetesKernelSpecs.class.getName());

  private final SharedIndexInformer<JupyterKernelSpec> resources;
  private final Path noResources;

  /**
   * Begins to watch; returns when what is there is known.
   *
   * @param noResources a folder without logos, since these kernelspecs bring none
   */
  public KubernetesKernelSpecs(KubernetesClient client, String namespace, Path noResources) {
    this.noResources = noResources;
    this.resources = client.resources(JupyterKernelSpec.class).inNamespace(namespace).inform();
  }

  /** Every usable kernelspec by name. */
  public Map<String, KernelSpec> all() {
    Map<String, KernelSpec> all = new TreeMap<>();
    for (JupyterKernelSpec each : resources.getStore().list()) {
      String name = each.getMetadata().getName();
      try {
        all.put(name, KernelSpecReader.of(name, noResources, document(name, each.getSpec())));
      } catch (KernelSpecException e) {
        LOG.log(
            Level.WARNING, "event=kernelspec-ignored kernelspec={0} reason={1}", name, e.reason());
      }
    }
    return all;
  }

  /**
   * Why no kernel can be started from a kernelspec, as the operator found; empty where it found
   * nothing wrong, or has not looked yet.
   */
  Optional<String> whyNotReady(String name) {
    return resources.getStore().list().stream()
        .filter(each -> name.equals(each.getMetadata().getName()))
        .findFirst()
        .flatMap(KubernetesKernelSpecs::whyNotReady);
  }

  private static Optional<String> whyNotReady(JupyterKernelSpec kernelspec) {
    JupyterKernelSpecStatus status = kernelspec.getStatus();
    if (status == null || status.conditions() == null) {
      return Optional.empty();
    }
    return status.conditions().stream()
        .filter(each -> "Ready".equals(each.getType()) && "False".equals(each.getStatus()))
        .filter(each ->
            Objects.equals(each.getObservedGeneration(), kernelspec.getMetadata().getGeneration()))
        .map(each ->
            "The JupyterKernelSpec %s/%s is not ready: %s"
                .formatted(
                    kernelspec.getMetadata().getNamespace(),
                    kernelspec.getMetadata().getName(),
                    each.getMessage()))
        .findFirst();
  }

  /** For a kernel that goes on although its JupyterKernelSpec was deleted: what is left of one. */
  KernelSpec deleted(String name) {
    try {
      return KernelSpecReader.of(
          name,
          noResources,
          document(
              name,
              new JupyterKernelSpecSpec(
                  "", null, null, null, null, null, null, null, null, null, null, null, null)));
    } catch (KernelSpecException e) {
      throw new IllegalStateException("our own kernelspec is complete", e);
    }
  }

  static ObjectNode document(String name, JupyterKernelSpecSpec spec) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    ArrayNode argv = document.putArray("argv");
    KernelCommands.of(spec).forEach(argv::add);
    document.put("display_name", Objects.requireNonNullElse(spec.displayName(), name));
    document.put("language", spec.language());
    document.put("interrupt_mode", interruptMode(spec));
    ObjectNode env = document.putObject("env");
    for (EnvVar each : Objects.requireNonNullElse(spec.env(), List.<EnvVar>of())) {
      if (each.getValue() != null) {
        env.put(each.getName(), each.getValue());
      }
    }
    ObjectNode metadata = document.putObject("metadata");
    if (spec.image() != null) {
      // Where tools look for it that know Enterprise Gateway.
      metadata.putObject("process_proxy").putObject("config").put("image_name", spec.image());
    }
    if (spec.cullIdleTimeout() != null) {
      metadata.put("cull_idle_timeout", spec.cullIdleTimeout());
    }
    if (spec.idle() != null) {
      put(metadata, "idle_action", spec.idle().action());
      put(metadata, "hibernate_on_loss", spec.idle().onLoss());
    }
    if (spec.hibernate() != null) {
      metadata
          .putObject("hibernate")
          .put("save", spec.hibernate().save())
          .put("restore", spec.hibernate().restore());
    }
    return document;
  }

  /** A choice as a kernel.json has it. */
  private static void put(ObjectNode metadata, String name, @Nullable Enum<?> choice) {
    if (choice != null) {
      metadata.put(name, choice.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
  }

  /** A Pod takes no signals; a launcher in it does. */
  private static String interruptMode(JupyterKernelSpecSpec spec) {
    return switch (LaunchMode.of(spec)) {
      case DIRECT -> "message";
      case CALLBACK -> Objects.requireNonNullElse(spec.interruptMode(), "signal");
    };
  }

  @Override
  public void close() {
    resources.stop();
  }
}
