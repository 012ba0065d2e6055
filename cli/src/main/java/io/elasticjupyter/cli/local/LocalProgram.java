// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.cli.logging.Logs;
import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.OrderlyEnd;
import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.cli.python.PythonEnvironments;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.Values;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The gateway alone, until it is told to end. */
public final class LocalProgram implements Program {

  private static final String TOKEN_FILE = "token";

  @Override
  public String name() {
    return "local";
  }

  @Override
  public String summary() {
    return "The gateway alone, for clients and scripts of your own.";
  }

  @Override
  public String description() {
    return "Starts a Jupyter gateway for this machine's kernels and runs until it is stopped"
        + " (Ctrl-C or SIGTERM). Kernels outlive it: started again with the same state directory"
        + " it takes them up where they are. It speaks the API of Enterprise Gateway and Kernel"
        + " Gateway, so any Jupyter server can be pointed at it with --gateway-url.";
  }

  @Override
  public List<SettingGroup> groups() {
    List<SettingGroup> groups = new ArrayList<>(GatewayOptions.OF_LISTENING);
    groups.add(ServiceOptions.GROUP);
    groups.addAll(SharedOptions.OF_KERNELS);
    groups.add(KernelOptions.REMOTE_CLIENTS);
    groups.addAll(GatewayOptions.OF_ACCESS);
    return List.copyOf(groups);
  }

  @Override
  public int run(Values values, List<String> arguments, Console console)
      throws ProgramFailure, Values.Unusable, InterruptedException {
    Logs.show(values.get(ServiceOptions.LOG_LEVEL));
    StateDirectory state = StateDirectory.ofProgram(values, console, name());
    Optional<String> token = token(values, state);
    Optional<Path> python =
        values
            .get(ServiceOptions.PYTHON)
            .or(() -> PythonEnvironments.onPath(console.environment()));
    KernelsPlan plan =
        KernelsPlan.of(values, console, python, values.get(ServiceOptions.STOP_KERNELS));
    OrderlyEnd end = new OrderlyEnd(console);
    RunningGateway gateway =
        end.closing(RunningGateway.start(GatewayOptions.config(values, token, state), plan, state));
    announce(gateway, values, token, state, console);
    warn(values, token, console);
    new CountDownLatch(1).await();
    return 0;
  }

  /**
   * The one that was given; else the one of this state directory, so that clients need no new one.
   */
  private static Optional<String> token(Values values, StateDirectory state) throws ProgramFailure {
    if (values.source(AccessOptions.TOKEN).isPresent()) {
      return Optional.of(values.get(AccessOptions.TOKEN)).filter(given -> !given.isEmpty());
    }
    Optional<String> kept = state.read(TOKEN_FILE);
    if (kept.isPresent()) {
      return kept;
    }
    String fresh = Tokens.fresh();
    state.write(TOKEN_FILE, fresh);
    return Optional.of(fresh);
  }

  private static void announce(
      RunningGateway gateway,
      Values values,
      Optional<String> token,
      StateDirectory state,
      Console console) {
    if (values.get(NetworkOptions.PORT) == 0) {
      console.print(
          new JsonMapper()
              .createObjectNode()
              .put("url", gateway.url())
              .put("token", token.orElse(""))
              .put("pid", ProcessHandle.current().pid())
              .toString());
      return;
    }
    console.print("The gateway is ready: " + gateway.url());
    // Not the token itself: where standard error goes, others may read.
    String use =
        values.source(AccessOptions.TOKEN).isPresent()
            ? "TOKEN"
            : "$(cat %s)".formatted(state.path().resolve(TOKEN_FILE));
    console.say(
        "For example: JUPYTER_GATEWAY_AUTH_TOKEN=%s jupyter lab --gateway-url %s"
            .formatted(use, gateway.url()));
  }

  private static void warn(Values values, Optional<String> token, Console console) {
    if (token.isEmpty()) {
      String reach =
          isLoopback(values.get(NetworkOptions.IP))
              ? "every user of this machine"
              : "everybody who reaches this machine";
      console.say(
          "Warning: there is no token, so %s can run code as you. Leave --token away to have one made."
              .formatted(reach));
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      return false;
    }
  }
}
