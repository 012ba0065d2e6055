// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

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
import io.elasticjupyter.gateway.peers.PeerSettings;
import io.elasticjupyter.kernels.LiveKernels;
import io.elasticjupyter.kernels.provisioner.local.LocalProvisioner;
import io.elasticjupyter.kernels.provisioner.local.LocalSettings;
import io.elasticjupyter.wire.connection.Transport;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.elasticjupyter.wire.kernelspec.KernelSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The rooms joined: kernels, of this machine or elsewhere, behind a gateway that listens. */
public final class RunningGateway implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(RunningGateway.class.getName());

  private static final String LOOPBACK = "127.0.0.1";

  /** What kernels write to their standard output and error, outside of cells. */
  private static final long LARGEST_OUTPUT_FILE = 16L << 20;

  /** Systems allow about 104 bytes for a socket's path; the rest is for the kernel and number. */
  private static final int LONGEST_SOCKET_FOLDER = 80;

  private final Gateway gateway;
  private final LiveKernels kernels;
  private final StateDirectory state;
  private final GatewayConfig config;
  private final boolean stopKernels;
  private final Optional<StoreOfMachine> store;

  private RunningGateway(
      Gateway gateway,
      LiveKernels kernels,
      StateDirectory state,
      GatewayConfig config,
      boolean stopKernels,
      Optional<StoreOfMachine> store) {
    this.store = store;
    this.gateway = gateway;
    this.kernels = kernels;
    this.state = state;
    this.config = config;
    this.stopKernels = stopKernels;
  }

  /**
   * Starts it; requests are answered when this returns, and kernels of an earlier run are taken up.
   *
   * @param state closed with the gateway
   */
  public static RunningGateway start(GatewayConfig config, KernelsPlan plan, StateDirectory state)
      throws ProgramFailure {
    try {
      Meters meters = new Meters();
      Optional<StoreOfMachine> store = Optional.empty();
      if (plan.store().isPresent()) {
        store = Optional.of(StoreOfMachine.start(plan.store().get()));
      }
      LiveKernels kernels =
          LiveKernels.open(
              state.path(),
              provisioner(plan, state, store),
              plan.settings(),
              meters.kernelMonitor(),
              InstantSource.system());
      KernelSpecs specs = new KernelSpecs(plan.folders(), plan.python());
      return join(
          config, kernels, specs::all, meters, state, plan.stopAtEnd(), store, Optional.empty());
    } catch (IOException failure) {
      throw new ProgramFailure("the gateway cannot start: " + failure.getMessage(), failure);
    }
  }

  /**
   * Puts a gateway in front of kernels; requests are answered when this returns.
   *
   * @param kernels closed with the gateway
   * @param specs the kernelspecs that there are now, by name
   * @param state closed with the gateway
   * @param peers the other replicas, to which the kernels are given when this one is closed; empty
   *     where it is the only one
   */
  public static RunningGateway join(
      GatewayConfig config,
      LiveKernels kernels,
      Supplier<Map<String, KernelSpec>> specs,
      Meters meters,
      StateDirectory state,
      Optional<PeerSettings> peers)
      throws IOException {
    return join(config, kernels, specs, meters, state, false, Optional.empty(), peers);
  }

  private static RunningGateway join(
      GatewayConfig config,
      LiveKernels kernels,
      Supplier<Map<String, KernelSpec>> specs,
      Meters meters,
      StateDirectory state,
      boolean stopKernels,
      Optional<StoreOfMachine> store,
      Optional<PeerSettings> peers)
      throws IOException {
    Gateway gateway = Gateway.start(config, kernels, specs, InstantSource.system(), meters, peers);
    RunningGateway started =
        new RunningGateway(gateway, kernels, state, config, stopKernels, store);
    LOG.log(
        System.Logger.Level.INFO,
        "event=gateway-started url={0} state={1} kernels-found={2}",
        started.url(),
        state.path(),
        kernels.all().size());
    return started;
  }

  /**
   * Settings of a gateway for programs of this machine alone: a free port on loopback and a token
   * of its own.
   */
  public static GatewayConfig onLoopback(
      KernelEnvironmentConfig environment, StateDirectory state) {
    return new GatewayConfig(
        new ListenConfig(LOOPBACK, 0, 0, "/", false),
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
  public static GatewayConfig onLoopback(Values values, StateDirectory state) {
    GatewayConfig plain = onLoopback(KernelOptions.environment(values, true, false), state);
    return new GatewayConfig(
        plain.listen(),
        plain.tls(),
        plain.auth(),
        plain.cors(),
        plain.access(),
        plain.environment(),
        KernelOptions.channels(values),
        plain.limits(),
        KernelOptions.redaction(values),
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

  /**
   * Stops it in order: kernels that are to end first, so that their clients hear of it; then the
   * clients; then the kernels that go on are let go.
   */
  @Override
  public void close() throws ProgramFailure, InterruptedException {
    if (stopKernels) {
      kernels.stopKernels();
    }
    // Before it stops to listen: what is given away is asked for here until clients know.
    kernels.leave();
    gateway.close();
    int left = kernels.all().size();
    kernels.close();
    store.ifPresent(StoreOfMachine::close);
    state.close();
    LOG.log(System.Logger.Level.INFO, "event=gateway-stopped kernels-left-running={0}", left);
  }

  private static LocalProvisioner provisioner(
      KernelsPlan plan, StateDirectory state, Optional<StoreOfMachine> store) throws IOException {
    LocalSettings local = local(plan, state);
    if (store.isPresent()) {
      return new LocalProvisioner(local, new SecureRandom(), store.get()::place);
    }
    return plan.criu().isPresent()
        ? LocalProvisioner.keepingProcesses(local, new SecureRandom(), plan.criu().get())
        : new LocalProvisioner(local, new SecureRandom());
  }

  private static LocalSettings local(KernelsPlan plan, StateDirectory state) throws IOException {
    return new LocalSettings(
        plan.transport(),
        LOOPBACK,
        sockets(plan.transport(), state),
        plan.python(),
        Path.of("").toAbsolutePath(),
        plan.environment(),
        LARGEST_OUTPUT_FILE);
  }

  /**
   * In the state directory, which only its owner can enter, unless its path is too long for one.
   */
  private static Path sockets(Transport transport, StateDirectory state) throws IOException {
    Path own = state.path().resolve("sockets");
    return transport == Transport.TCP || own.toString().length() <= LONGEST_SOCKET_FOLDER
        ? own
        : Files.createTempDirectory("elastic-jupyter-");
  }
}
