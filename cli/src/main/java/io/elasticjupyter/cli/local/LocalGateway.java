// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.gateway.Gateway;
import io.elasticjupyter.gateway.config.AuthConfig;
import io.elasticjupyter.gateway.config.ChannelsConfig;
import io.elasticjupyter.gateway.config.CorsConfig;
import io.elasticjupyter.gateway.config.GatewayConfig;
import io.elasticjupyter.gateway.config.HttpLimitsConfig;
import io.elasticjupyter.gateway.config.KernelAccessConfig;
import io.elasticjupyter.gateway.config.KernelEnvironmentConfig;
import io.elasticjupyter.gateway.config.ListenConfig;
import io.elasticjupyter.gateway.config.RedactionConfig;
import io.elasticjupyter.gateway.metrics.Meters;
import io.elasticjupyter.wire.kernelspec.KernelSpecs;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/** The rooms joined: kernels of this machine behind a gateway that listens. */
public final class LocalGateway implements AutoCloseable {

  private final Gateway gateway;
  private final StateDirectory state;
  private final GatewayConfig config;

  private LocalGateway(Gateway gateway, StateDirectory state, GatewayConfig config) {
    this.gateway = gateway;
    this.state = state;
    this.config = config;
  }

  /**
   * Starts it; requests are answered when this returns, and kernels of an earlier run are taken up.
   *
   * @param state closed with the gateway
   */
  public static LocalGateway start(GatewayConfig config, KernelsPlan plan, StateDirectory state)
      throws ProgramFailure {
    try {
      return new LocalGateway(
          Gateway.start(
              config,
              new StandInKernels(plan),
              new KernelSpecs(plan.folders(), plan.python())::all,
              InstantSource.system(),
              new Meters()),
          state,
          config);
    } catch (IOException failure) {
      throw new ProgramFailure("the gateway cannot start: " + failure.getMessage(), failure);
    }
  }

  /**
   * Settings of a gateway for programs of this machine alone: a free port on loopback and a token
   * of its own.
   */
  public static GatewayConfig onLoopback(
      KernelEnvironmentConfig environment, StateDirectory state) {
    return new GatewayConfig(
        new ListenConfig("127.0.0.1", 0, 0, "/", false),
        Optional.empty(),
        new AuthConfig(Optional.of(Tokens.fresh())),
        CorsConfig.defaults(),
        KernelAccessConfig.defaults(),
        environment,
        ChannelsConfig.defaults(),
        HttpLimitsConfig.defaults(),
        RedactionConfig.defaults(),
        Optional.of(state.path()));
  }

  /** The same with what the settings say about kernels. */
  public static GatewayConfig onLoopback(Values values, Console console, StateDirectory state) {
    GatewayConfig plain =
        onLoopback(KernelSettings.environment(values, console.environment(), true, false), state);
    return new GatewayConfig(
        plain.listen(),
        plain.tls(),
        plain.auth(),
        plain.cors(),
        plain.access(),
        plain.environment(),
        KernelSettings.channels(values),
        plain.limits(),
        KernelSettings.redaction(values),
        plain.stateDirectory());
  }

  /** Where it listens, as a client of this machine writes it; without a slash at the end. */
  public String url() {
    String address = config.listen().address();
    String host =
        switch (address) {
          case "0.0.0.0", "" -> "127.0.0.1";
          case "::" -> "[::1]";
          default -> address.contains(":") ? "[" + address + "]" : address;
        };
    return (config.tls().isPresent() ? "https://" : "http://")
        + host
        + ":"
        + gateway.port()
        + config.listen().basePath();
  }

  /** What its clients must send; empty where it is open to all. */
  public String token() {
    return config.auth().token().orElse("");
  }

  /** Stops it in order: no new requests, clients told, then kernels left or ended. */
  @Override
  public void close() throws ProgramFailure {
    gateway.close();
    state.close();
  }
}
