// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.gateway.config.AuthConfig;
import io.elasticjupyter.gateway.config.GatewayConfig;
import io.elasticjupyter.kernels.KernelSettings;
import java.util.List;
import java.util.Optional;

/** The settings of a gateway that others reach, wherever its kernels run. */
public final class GatewayOptions {

  /** Where it listens and who may come in. */
  public static final List<SettingGroup> OF_LISTENING =
      List.of(NetworkOptions.LISTENING, AccessOptions.ACCESS);

  /** Which kernels for whom, and what a connection may cost. */
  public static final List<SettingGroup> OF_ACCESS =
      List.of(AccessOptions.WHO_GETS_KERNELS, NetworkOptions.TLS, NetworkOptions.LIMITS);

  /** Kernels that run elsewhere. */
  public static final List<SettingGroup> OF_REMOTE_KERNELS =
      List.of(
          LifeOptions.IDLE,
          StoreOptions.GROUP,
          KernelOptions.CLIENTS,
          LifeOptions.LIFE,
          LifeOptions.OUTPUT,
          KernelOptions.CHANNELS,
          KernelOptions.REMOTE_CLIENTS);

  private GatewayOptions() {}

  /** What the settings say about the gateway itself. */
  public static GatewayConfig config(Values values, Optional<String> token, StateDirectory state)
      throws Values.Unusable {
    return new GatewayConfig(
        NetworkOptions.listen(values),
        NetworkOptions.tls(values),
        new AuthConfig(token),
        AccessOptions.cors(values),
        AccessOptions.access(values),
        KernelOptions.environment(
            values,
            values.get(KernelOptions.MIRROR_WORKING_DIRS),
            values.get(KernelOptions.IMPERSONATION_ENABLED)),
        KernelOptions.channels(values),
        NetworkOptions.limits(values),
        KernelOptions.redaction(values),
        Optional.of(state.path()));
  }

  /** What the settings say about the life of kernels. */
  public static KernelSettings kernels(Values values) {
    return LifeOptions.settings(values);
  }

  /** The token that was given by option or environment; empty where none was. */
  public static Optional<String> givenToken(Values values) {
    return values.source(AccessOptions.TOKEN).isPresent()
        ? Optional.of(values.get(AccessOptions.TOKEN))
        : Optional.empty();
  }
}
