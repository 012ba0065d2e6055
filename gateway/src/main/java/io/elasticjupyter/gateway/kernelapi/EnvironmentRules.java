// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.config.KernelEnvironmentConfig;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which of a client's variables reach a kernel, and what is laid over its kernelspec's. Pure: the
 * environment goes with the request, never through the gateway's own.
 */
public final class EnvironmentRules {

  static final int LONGEST_VALUE = 4096;

  private static final String ALL = "*";
  private static final String KERNEL_PREFIX = "KERNEL_";
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");

  /** What a shell or a template would act on, and what would end a line or a string. */
  private static final Pattern FORBIDDEN = Pattern.compile("[$`\\r\\n\\x00]");

  /** Only the gateway says these. */
  private static final Set<String> SECRETS = Set.of("EG_AUTH_TOKEN", "KG_AUTH_TOKEN");

  private final KernelEnvironmentConfig config;

  public EnvironmentRules(KernelEnvironmentConfig config) {
    this.config = config;
  }

  /**
   * The variables of a request's {@code env} that are accepted; others are left out silently, as
   * the peers do.
   *
   * @throws ApiFailure 400 for what is no object, and for an accepted variable whose name or value
   *     is not allowed
   */
  public Map<String, String> accepted(JsonNode env) throws ApiFailure {
    if (env.isMissingNode() || env.isNull()) {
      return Map.of();
    }
    if (!(env instanceof ObjectNode object)) {
      throw refused("env must be a JSON object");
    }
    Map<String, String> accepted = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> variable : object.properties()) {
      if (isAccepted(variable.getKey())) {
        accepted.put(variable.getKey(), value(variable.getKey(), variable.getValue()));
      }
    }
    return accepted;
  }

  private boolean isAccepted(String name) {
    return name.startsWith(KERNEL_PREFIX)
        || config.clientNames().contains(ALL)
        || config.clientNames().contains(name);
  }

  private static String value(String name, JsonNode value) throws ApiFailure {
    if (!NAME.matcher(name).matches()) {
      throw refused("env has a name that no environment variable can have");
    }
    if (!value.isTextual()) {
      throw refused("env value of " + name + " must be a string");
    }
    String text = value.textValue();
    if (text.length() > LONGEST_VALUE) {
      throw refused("env value of " + name + " is longer than " + LONGEST_VALUE + " characters");
    }
    if (FORBIDDEN.matcher(text).find()) {
      throw refused(
          "env value of "
              + name
              + " has a character that is not allowed: dollar, backtick, line break or NUL");
    }
    return text;
  }

  /**
   * What is laid over the kernelspec's environment: inherited variables that the kernelspec does
   * not set, the client's, the system's.
   */
  public Map<String, String> over(KernelSpec spec, KernelId id, Map<String, String> accepted) {
    Map<String, String> env = new LinkedHashMap<>();
    for (String name : config.inheritedNames()) {
      String value = config.own().get(name);
      if (value != null && !spec.env().containsKey(name)) {
        env.put(name, value);
      }
    }
    env.putAll(accepted);
    if (!config.mirrorWorkingDirectories()) {
      env.remove(StartVariables.WORKING_DIR);
    }
    env.put("KERNEL_GATEWAY", "1");
    env.put("KERNEL_ID", id.value());
    if (spec.env().containsKey("KERNEL_LANGUAGE")) {
      env.remove("KERNEL_LANGUAGE");
    } else {
      env.put("KERNEL_LANGUAGE", spec.language());
    }
    env.put("EG_IMPERSONATION_ENABLED", config.impersonation() ? "True" : "False");
    env.keySet().removeAll(SECRETS);
    return env;
  }

  private static ApiFailure refused(String why) {
    return ApiFailure.of(FailureCode.ENVIRONMENT_REFUSED, why);
  }
}
