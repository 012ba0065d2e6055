// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.settings.SettingGroup;
import java.util.List;

/** Which settings the programs that run a gateway have in common. */
public final class SharedOptions {

  /** About kernels, whoever talks to them. */
  public static final List<SettingGroup> OF_KERNELS =
      List.of(
          LifeOptions.IDLE,
          ProcessImageOptions.GROUP,
          StoreOptions.GROUP,
          KernelOptions.ENVIRONMENT,
          LifeOptions.LIFE,
          LifeOptions.OUTPUT,
          KernelOptions.CHANNELS);

  private SharedOptions() {}
}
