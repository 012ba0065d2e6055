// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.JupyterKernelSpecSpec;
import io.elasticjupyter.api.KernelCommands;
import io.elasticjupyter.api.LaunchMode;
import io.elasticjupyter.api.MountPaths;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The command of a kernel's container, placeholders replaced. */
final class KernelCommand {

  private static final String CONNECTION_FILE =
      MountPaths.CONNECTION + "/" + MountPaths.CONNECTION_FILE;

  private KernelCommand() {}

  /** The command; empty for the image's own. */
  static List<String> of(JupyterKernelSpecSpec spec, String kernelId, Launch launch) {
    return switch (launch) {
      case Launch.Direct() ->
          replaced(
              KernelCommands.of(spec),
              Map.of("{connection_file}", CONNECTION_FILE, "{kernel_id}", kernelId));
      case Launch.Callback callback -> ofCallback(spec, kernelId, callback);
    };
  }

  private static List<String> ofCallback(
      JupyterKernelSpecSpec spec, String kernelId, Launch.Callback callback) {
    List<String> command = Objects.requireNonNullElse(spec.command(), List.of());
    if (LaunchMode.isOfLauncherBesideTheGateway(command)) {
      return List.of();
    }
    return replaced(
        command,
        Map.of(
            "{kernel_id}",
            kernelId,
            "{port_range}",
            CallbackEnvironment.ANY_PORT,
            "{response_address}",
            callback.responseAddress(),
            "{public_key}",
            callback.publicKey()));
  }

  private static List<String> replaced(List<String> command, Map<String, String> placeholders) {
    return command.stream().map(word -> replaced(word, placeholders)).toList();
  }

  private static String replaced(String word, Map<String, String> placeholders) {
    String replaced = word;
    for (Map.Entry<String, String> each : placeholders.entrySet()) {
      replaced = replaced.replace(each.getKey(), each.getValue());
    }
    return replaced;
  }
}
