// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api.wishes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * KERNEL_VOLUMES and KERNEL_VOLUME_MOUNTS: persistent volume claims of the namespace, and where
 * they are mounted. A volume of any other kind could show the node's files or another's Secret, and
 * a mount of a volume that is not the client's own what a template keeps for its other containers.
 */
record ClientVolumes(List<Volume> volumes, List<VolumeMount> mounts) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int MOST = 32;
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern CLAIM = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final Pattern PATH = Pattern.compile("/[^:\\p{Cntrl}]{1,1023}");

  /** Everything of ours lies below; a mount there would take the place of the connection file. */
  private static final List<String> OURS = List.of("/var/run", "/run", "/proc", "/sys", "/dev");

  static ClientVolumes of(Map<String, String> env, boolean allowed) throws WishRefused {
    List<Volume> volumes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode each : list(env, "KERNEL_VOLUMES", allowed)) {
      only(each, "KERNEL_VOLUMES", Set.of("name", "persistentVolumeClaim"));
      JsonNode claim = each.path("persistentVolumeClaim");
      only(claim, "KERNEL_VOLUMES", Set.of("claimName", "readOnly"));
      String name = text(each, "KERNEL_VOLUMES", "name", NAME);
      if (!names.add(name)) {
        throw new WishRefused("KERNEL_VOLUMES has two volumes of one name.");
      }
      volumes.add(
          new VolumeBuilder()
              .withName(name)
              .withNewPersistentVolumeClaim()
              .withClaimName(text(claim, "KERNEL_VOLUMES", "claimName", CLAIM))
              .withReadOnly(claim.path("readOnly").asBoolean())
              .endPersistentVolumeClaim()
              .build());
    }
    List<VolumeMount> mounts = new ArrayList<>();
    for (JsonNode each : list(env, "KERNEL_VOLUME_MOUNTS", allowed)) {
      mounts.add(mount(each, names));
    }
    return new ClientVolumes(List.copyOf(volumes), List.copyOf(mounts));
  }

  private static VolumeMount mount(JsonNode each, Set<String> volumes) throws WishRefused {
    only(each, "KERNEL_VOLUME_MOUNTS", Set.of("name", "mountPath", "subPath", "readOnly"));
    String name = text(each, "KERNEL_VOLUME_MOUNTS", "name", NAME);
    if (!volumes.contains(name)) {
      throw new WishRefused(
          "KERNEL_VOLUME_MOUNTS names the volume %s, which KERNEL_VOLUMES does not have."
              .formatted(name));
    }
    String path = text(each, "KERNEL_VOLUME_MOUNTS", "mountPath", PATH);
    String subPath = each.path("subPath").asText("");
    if (hasParent(path) || hasParent(subPath) || subPath.startsWith("/")) {
      throw new WishRefused("KERNEL_VOLUME_MOUNTS has a path that leads out of its folder.");
    }
    if (OURS.stream().anyMatch(ours -> path.equals(ours) || path.startsWith(ours + "/"))) {
      throw new WishRefused(
          "KERNEL_VOLUME_MOUNTS has a mountPath that belongs to the system: %s.".formatted(path));
    }
    VolumeMountBuilder mount =
        new VolumeMountBuilder()
            .withName(name)
            .withMountPath(path)
            .withReadOnly(each.path("readOnly").asBoolean());
    return subPath.isEmpty() ? mount.build() : mount.withSubPath(subPath).build();
  }

  private static boolean hasParent(String path) {
    return List.of(path.split("/", -1)).contains("..");
  }

  private static List<JsonNode> list(Map<String, String> env, String name, boolean allowed)
      throws WishRefused {
    String text = env.getOrDefault(name, "");
    if (text.isBlank()) {
      return List.of();
    }
    if (!allowed) {
      throw new WishRefused(
          "%s is set, but the JupyterGateway lets clients choose no volumes (spec.clients.volumes)."
              .formatted(name));
    }
    JsonNode read;
    try {
      read = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new WishRefused(name + " is no JSON list of objects: " + e.getOriginalMessage());
    }
    if (!read.isArray() || read.size() > MOST) {
      throw new WishRefused("%s must be a JSON list of at most %d objects.".formatted(name, MOST));
    }
    List<JsonNode> items = new ArrayList<>();
    read.forEach(items::add);
    return items;
  }

  private static void only(JsonNode object, String variable, Set<String> known) throws WishRefused {
    Set<String> given = new HashSet<>();
    object.fieldNames().forEachRemaining(given::add);
    if (!object.isObject() || !known.containsAll(given)) {
      throw new WishRefused(
          "%s may have objects with these fields only: %s (volumes are persistent volume claims)."
              .formatted(variable, known.stream().sorted().toList()));
    }
  }

  private static String text(JsonNode object, String variable, String field, Pattern form)
      throws WishRefused {
    JsonNode value = object.path(field);
    if (!value.isTextual() || !form.matcher(value.asText()).matches()) {
      throw new WishRefused("%s needs a valid %s.".formatted(variable, field));
    }
    return value.asText();
  }
}
