// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.JupyterKernelSpecSpec;
import io.elasticjupyter.api.KernelCommands;
import io.elasticjupyter.api.KernelReason;
import io.elasticjupyter.api.MountPaths;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The command of a kernel's container in direct mode: the kernel reads a connection file that the
 * operator wrote and listens; nobody calls anybody back.
 */
final class KernelCommand {

  private static final String CONNECTION_FILE = "{connection_file}";

  private KernelCommand() {}

  /**
   * The command, placeholders replaced.
   *
   * @throws KernelRefused for a command that only an Enterprise Gateway can start
   */
  static List<String> of(JupyterKernelSpecSpec spec, String kernelId) throws KernelRefused {
    if (isCallback(spec.command()) && !isPython(spec)) {
      throw KernelRefused.forever(
          KernelReason.NOT_ALLOWED,
          "The kernelspec's command waits for the handshake of an Enterprise Gateway; give it a"
              + " command with {connection_file}, which starts the kernel itself.");
    }
    String path = MountPaths.CONNECTION + "/" + MountPaths.CONNECTION_FILE;
    return template(spec).stream()
        .map(word -> word.replace(CONNECTION_FILE, path).replace("{kernel_id}", kernelId))
        .toList();
  }

  /** The command with its placeholders, as kernelspec lists show it. */
  private static List<String> template(JupyterKernelSpecSpec spec) {
    // An image with ipykernel in it starts without its launcher as well.
    return isCallback(spec.command()) ? KernelCommands.IPYKERNEL : KernelCommands.of(spec);
  }

  private static boolean isPython(JupyterKernelSpecSpec spec) {
    return spec.language().toLowerCase(Locale.ROOT).startsWith("python");
  }

  /** Whether a command is the launcher of an Enterprise Gateway. */
  private static boolean isCallback(@Nullable List<String> command) {
    return command != null
        && command.stream()
            .anyMatch(
                word -> word.contains("{response_address}") || word.endsWith("kubeflow-launcher"));
  }
}
