// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.launch;

import io.elasticjupyter.cli.program.ProgramFailure;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What Enterprise Gateway asks of its launcher: flags and KERNEL_* names.
 *
 * @param environment the launcher's own, of which only names that are known are read
 */
record LaunchRequest(
    String kernelId,
    String portRange,
    String responseAddress,
    String publicKey,
    String sparkMode,
    Optional<String> templateName,
    Optional<String> templateNamespace,
    Map<String, String> environment) {

  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final int LONGEST_NAME = 253;

  /** Refuses what could not become a kernel, with the flag or name that is wrong. */
  void check() throws ProgramFailure {
    if (!ID.matcher(kernelId).matches()) {
      throw new ProgramFailure(
          "--RemoteProcessProxy.kernel-id is '%s', but must be the kernel's UUID"
              .formatted(kernelId));
    }
    require("--RemoteProcessProxy.response-address", responseAddress);
    require("--RemoteProcessProxy.public-key", publicKey);
    require("KERNEL_NAMESPACE (where the kernel's Pod shall be)", namespace());
  }

  private static void require(String what, String value) throws ProgramFailure {
    if (value.isBlank()) {
      throw new ProgramFailure(
          what
              + " is missing; Enterprise Gateway fills it in where the kernelspec's command has it");
    }
  }

  /** The JupyterGateway that the kernel belongs to; none where Enterprise Gateway came without. */
  Optional<String> gateway() {
    return Optional.of(variable("EG_NAME")).filter(name -> !name.isBlank());
  }

  /** Enterprise Gateway hands its own namespace to the launcher only where it is told to. */
  String gatewayNamespace() {
    String given = variable("EG_NAMESPACE");
    return given.isBlank() ? variable("KERNEL_NAMESPACE") : given;
  }

  /** The kernel's namespace: its own where the gateway gives one, else the gateway's. */
  String namespace() {
    String given = variable("KERNEL_NAMESPACE");
    return given.isBlank() ? variable("EG_NAMESPACE") : given;
  }

  String user() {
    String given = variable("KERNEL_USERNAME");
    return given.isBlank() ? "jovyan" : given;
  }

  /** The kernelspec that the user chose; Enterprise Gateway does not tell it by itself. */
  Optional<String> kernelspec() {
    return Optional.of(variable("KERNEL_NAME")).filter(name -> !name.isBlank());
  }

  Optional<String> image() {
    return Optional.of(variable("KERNEL_IMAGE")).filter(image -> !image.isBlank());
  }

  /** Name of the resource and its Pod; characters that no name may have become hyphens. */
  String name() {
    String given = variable("KERNEL_POD_NAME");
    String wanted = given.isBlank() ? user() + "-" + kernelId : given;
    String name =
        wanted.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-").replaceAll("^-+|-+$", "");
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
  }

  String variable(String name) {
    return environment.getOrDefault(name, "");
  }
}
