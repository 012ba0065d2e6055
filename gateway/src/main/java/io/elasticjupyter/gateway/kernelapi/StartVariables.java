// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.gateway.config.KernelAccessConfig;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.idle.OwnIdleRule;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The {@code KERNEL_*} variables that mean something to the gateway itself.
 *
 * @param id the id that the kernel shall have
 * @param username who asks
 * @param workingDirectory where it shall start
 */
record StartVariables(
    Optional<KernelId> id, Optional<String> username, Optional<Path> workingDirectory) {

  static final String WORKING_DIR = "KERNEL_WORKING_DIR";

  private static final Pattern UUID_4 =
      Pattern.compile(
          "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
  private static final long LARGEST_ID = (1L << 32) - 1;

  static StartVariables of(
      Map<String, String> env, KernelAccessConfig access, boolean mirrorWorkingDirectories)
      throws ApiFailure {
    checkNumber(env, "KERNEL_UID", access.prohibitedUids());
    checkNumber(env, "KERNEL_GID", access.prohibitedGids());
    checkObjects(env, "KERNEL_VOLUMES");
    checkObjects(env, "KERNEL_VOLUME_MOUNTS");
    Optional<String> unreadable = OwnIdleRule.unreadable(env);
    if (unreadable.isPresent()) {
      throw refused(unreadable.get());
    }
    return new StartVariables(
        id(env),
        Optional.ofNullable(env.get("KERNEL_USERNAME")).filter(name -> !name.isEmpty()),
        mirrorWorkingDirectories ? directory(env) : Optional.empty());
  }

  private static Optional<KernelId> id(Map<String, String> env) throws ApiFailure {
    String id = env.getOrDefault("KERNEL_ID", "");
    if (id.isEmpty()) {
      return Optional.empty();
    }
    if (!UUID_4.matcher(id).matches()) {
      throw refused("KERNEL_ID must be a version 4 UUID");
    }
    return KernelId.parse(id);
  }

  private static Optional<Path> directory(Map<String, String> env) throws ApiFailure {
    String directory = env.getOrDefault(WORKING_DIR, "");
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(directory));
    } catch (InvalidPathException e) {
      throw refused(WORKING_DIR + " is not a path");
    }
  }

  private static void checkNumber(Map<String, String> env, String name, Set<Long> prohibited)
      throws ApiFailure {
    String text = env.getOrDefault(name, "").strip();
    if (text.isEmpty()) {
      return;
    }
    if (!NUMBER.matcher(text).matches() || Long.parseLong(text) > LARGEST_ID) {
      throw refused(name + " must be an integer between 0 and " + LARGEST_ID);
    }
    if (prohibited.contains(Long.parseLong(text))) {
      throw ApiFailure.of(
          FailureCode.USER_REFUSED,
          "Kernel's %s value of '%s' has been denied: it is prohibited here."
              .formatted(name.substring(name.length() - 3), text));
    }
  }

  private static void checkObjects(Map<String, String> env, String name) throws ApiFailure {
    String text = env.getOrDefault(name, "");
    if (text.isEmpty()) {
      return;
    }
    Optional<JsonNode> node = Json.parsed(text);
    boolean objects = node.isPresent() && node.get().isArray();
    if (objects) {
      for (JsonNode element : node.get()) {
        objects &= element.isObject();
      }
    }
    if (!objects) {
      throw refused(name + " must be a JSON list of objects");
    }
  }

  private static ApiFailure refused(String why) {
    return ApiFailure.of(FailureCode.ENVIRONMENT_REFUSED, why);
  }
}
