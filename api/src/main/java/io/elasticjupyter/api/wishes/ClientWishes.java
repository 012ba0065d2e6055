// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api.wishes;

import io.elasticjupyter.api.JupyterGatewaySpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of its kernel by names that begin with KERNEL_, held against the bounds of the
 * gateway's administrator. Values become typed fields of a Pod, never text that anything
 * interprets; what is not understood exactly is refused.
 *
 * @param image empty for the kernelspec's
 * @param user the Pod's user id, as Enterprise Gateway's default 1000 where none is named
 * @param group the Pod's group id, 100 where none is named
 */
public record ClientWishes(
    Optional<String> image,
    long user,
    long group,
    ResourceRequirements resources,
    List<Volume> volumes,
    List<VolumeMount> mounts) {

  private static final long DEFAULT_USER = 1000;
  private static final long DEFAULT_GROUP = 100;

  /** Plain decimal digits without a sign or leading zero, so that one number has one spelling. */
  private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,9}");

  /** The largest that Kubernetes takes. */
  private static final long LARGEST_ID = Integer.MAX_VALUE;

  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,3}");
  private static final Pattern IMAGE =
      Pattern.compile("[a-z0-9][a-zA-Z0-9._:/-]{0,254}(@sha256:[0-9a-f]{64})?");
  private static final String GPU = "nvidia.com/gpu";

  /**
   * Reads the wishes among a kernel's variables.
   *
   * @param bounds null where the administrator gave none, so that little may be wished
   */
  public static ClientWishes of(
      Map<String, String> env, JupyterGatewaySpec.@Nullable Clients bounds) throws WishRefused {
    boolean volumes = bounds != null && Boolean.TRUE.equals(bounds.volumes());
    ClientVolumes wished = ClientVolumes.of(env, volumes);
    return new ClientWishes(
        image(env, bounds),
        id(env, "KERNEL_UID", DEFAULT_USER),
        id(env, "KERNEL_GID", DEFAULT_GROUP),
        resources(env, bounds),
        wished.volumes(),
        wished.mounts());
  }

  private static Optional<String> image(
      Map<String, String> env, JupyterGatewaySpec.@Nullable Clients bounds) throws WishRefused {
    String image = env.getOrDefault("KERNEL_IMAGE", "");
    if (image.isEmpty()) {
      return Optional.empty();
    }
    if (!IMAGE.matcher(image).matches()) {
      throw new WishRefused("KERNEL_IMAGE is no name of an image.");
    }
    List<String> allowed = bounds == null || bounds.images() == null ? List.of() : bounds.images();
    if (allowed.stream().noneMatch(pattern -> isAllowed(image, pattern))) {
      throw new WishRefused(
          "KERNEL_IMAGE asks for %s, which spec.clients.images of the JupyterGateway does not allow."
              .formatted(image));
    }
    return Optional.of(image);
  }

  private static boolean isAllowed(String image, String pattern) {
    return pattern.endsWith("*")
        ? image.startsWith(pattern.substring(0, pattern.length() - 1))
        : image.equals(pattern);
  }

  private static long id(Map<String, String> env, String name, long fallback) throws WishRefused {
    String text = env.getOrDefault(name, "");
    if (text.isEmpty()) {
      return fallback;
    }
    long id = ID.matcher(text).matches() ? Long.parseLong(text) : 0;
    if (id == 0 || id > LARGEST_ID) {
      throw new WishRefused(
          "%s must be a number from 1 to %d without sign or leading zeros; 0 is root and never allowed."
              .formatted(name, LARGEST_ID));
    }
    return id;
  }

  private static ResourceRequirements resources(
      Map<String, String> env, JupyterGatewaySpec.@Nullable Clients bounds) throws WishRefused {
    Map<String, Quantity> requests = new HashMap<>();
    Map<String, Quantity> limits = new HashMap<>();
    String maxCpus = bounds == null ? null : bounds.maxCpus();
    String maxMemory = bounds == null ? null : bounds.maxMemory();
    quantity(env, "KERNEL_CPUS", maxCpus).ifPresent(value -> requests.put("cpu", value));
    quantity(env, "KERNEL_CPUS_LIMIT", maxCpus).ifPresent(value -> limits.put("cpu", value));
    quantity(env, "KERNEL_MEMORY", maxMemory).ifPresent(value -> requests.put("memory", value));
    quantity(env, "KERNEL_MEMORY_LIMIT", maxMemory).ifPresent(value -> limits.put("memory", value));
    for (String name : List.of("KERNEL_GPUS", "KERNEL_GPUS_LIMIT")) {
      // Kubernetes wants requests and limits of devices to be equal, so one name is enough.
      Optional<Quantity> gpus = gpus(env, name, bounds);
      if (gpus.isPresent()) {
        requests.put(GPU, gpus.get());
        limits.put(GPU, gpus.get());
      }
    }
    return new ResourceRequirementsBuilder().withRequests(requests).withLimits(limits).build();
  }

  private static Optional<Quantity> quantity(
      Map<String, String> env, String name, @Nullable String most) throws WishRefused {
    String text = env.getOrDefault(name, "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Quantity asked;
    try {
      asked = Quantity.parse(text);
      if (asked.getNumericalAmount().signum() <= 0) {
        throw new WishRefused(name + " must be more than nothing.");
      }
    } catch (IllegalArgumentException e) {
      throw new WishRefused(name + " is no quantity such as 2, 500m or 4Gi.");
    }
    if (most == null) {
      throw new WishRefused(
          "%s is set, but the JupyterGateway lets clients choose no such amount (spec.clients)."
              .formatted(name));
    }
    if (asked.getNumericalAmount().compareTo(Quantity.parse(most).getNumericalAmount()) > 0) {
      throw new WishRefused(
          "%s asks for %s; at most %s is allowed here.".formatted(name, text, most));
    }
    return Optional.of(asked);
  }

  private static Optional<Quantity> gpus(
      Map<String, String> env, String name, JupyterGatewaySpec.@Nullable Clients bounds)
      throws WishRefused {
    String text = env.getOrDefault(name, "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int most = bounds == null ? 0 : Objects.requireNonNullElse(bounds.maxGpus(), 0);
    if (!COUNT.matcher(text).matches()) {
      throw new WishRefused(name + " must be a whole number, 1 or more.");
    }
    if (Integer.parseInt(text) > most) {
      throw new WishRefused(
          "%s asks for %s; at most %d is allowed here.".formatted(name, text, most));
    }
    return Optional.of(new Quantity(text));
  }
}
