// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import java.util.List;

/** The command of a kernel, as kernelspecs write it: with placeholders. */
public final class KernelCommands {

  /** What a kernelspec without a command means: ipykernel's own. */
  public static final List<String> IPYKERNEL =
      List.of("python3", "-m", "ipykernel_launcher", "-f", "{connection_file}");

  private KernelCommands() {}

  /** The kernelspec's command, or ipykernel's where it has none. */
  public static List<String> of(JupyterKernelSpecSpec spec) {
    return spec.command() == null || spec.command().isEmpty() ? IPYKERNEL : spec.command();
  }
}
