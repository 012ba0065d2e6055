// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.lab;

import io.elasticjupyter.cli.lab.JupyterLab.Launch;
import io.elasticjupyter.cli.lab.JupyterLab.Upstream;
import io.elasticjupyter.cli.local.KernelsPlan;
import io.elasticjupyter.cli.local.RunningGateway;
import io.elasticjupyter.cli.local.ServiceOptions;
import io.elasticjupyter.cli.local.SharedOptions;
import io.elasticjupyter.cli.local.StateDirectory;
import io.elasticjupyter.cli.local.Tokens;
import io.elasticjupyter.cli.logging.Logs;
import io.elasticjupyter.cli.logging.Logs.Verbosity;
import io.elasticjupyter.cli.program.Checkout;
import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.OrderlyEnd;
import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.cli.python.PythonEnvironments;
import io.elasticjupyter.cli.python.PythonEnvironments.Purpose;
import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import io.elasticjupyter.cli.settings.Values;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A gateway on this machine and a JupyterLab that is pointed at it. */
public final class LabProgram implements Program {

  static final Setting<Integer> PORT =
      Setting.of(
              "--port",
              Shape.one("PORT"),
              "8888",
              ValueReaders.number(0, 65_535),
              "Port of JupyterLab's page; the next free one above it where it is taken, any free"
                  + " one for 0. The gateway behind it takes any free port.")
          .named("EG_LAB_PORT");

  static final Setting<Path> NOTEBOOK_DIR =
      Setting.of(
              "--notebook-dir",
              Shape.one("DIR"),
              ".",
              ValueReaders::path,
              "Folder whose notebooks are shown.")
          .named("EG_NOTEBOOK_DIR");

  static final Setting<Boolean> NO_BROWSER =
      Setting.of(
              "--no-browser",
              Shape.flag(),
              "false",
              ValueReaders::flag,
              "Only print the address, open no browser.")
          .named("EG_NO_BROWSER");

  static final Setting<Optional<Path>> PYTHON =
      Setting.of(
              "--python",
              Shape.one("FILE"),
              "",
              ValueReaders::optionalPath,
              "A python that has jupyterlab and ipykernel. Unset, an environment of its own is made"
                  + " once, in ~/.cache/elastic-jupyter.")
          .named("EG_PYTHON", "KG_PYTHON");

  /** The page is what counts here; a terminal full of what went well is not. */
  static final Setting<Verbosity> LOG_LEVEL = ServiceOptions.LOG_LEVEL.withFallback("WARNING");

  private static final int PORTS_TRIED = 100;

  @Override
  public String name() {
    return "lab";
  }

  @Override
  public String summary() {
    return "JupyterLab in your browser, its kernels behind the gateway.";
  }

  @Override
  public String description() {
    return "Starts the gateway and a stock JupyterLab that takes its kernels from it, and opens it"
        + " in the browser. Where no Python is given, an environment with JupyterLab and ipykernel"
        + " is made first, once. Ctrl-C ends both, and the kernels that JupyterLab started.";
  }

  @Override
  public String furtherArguments() {
    return "Arguments behind -- go to JupyterLab as they are.";
  }

  @Override
  public List<SettingGroup> groups() {
    List<SettingGroup> groups = new ArrayList<>();
    groups.add(
        new SettingGroup(
            "JupyterLab",
            List.of(PORT, NOTEBOOK_DIR, NO_BROWSER, PYTHON, ServiceOptions.STATE_DIR, LOG_LEVEL)));
    groups.addAll(SharedOptions.OF_KERNELS);
    return List.copyOf(groups);
  }

  @Override
  public int run(Values values, List<String> arguments, Console console)
      throws ProgramFailure, Values.Unusable, InterruptedException {
    Logs.show(values.get(LOG_LEVEL));
    Path notebooks = values.get(NOTEBOOK_DIR);
    if (!Files.isDirectory(notebooks)) {
      throw new ProgramFailure("--notebook-dir %s is no folder".formatted(notebooks));
    }
    int port = freePort(values.get(PORT));
    Path python =
        new PythonEnvironments(Checkout.root(), console)
            .interpreter(values.get(PYTHON), Purpose.LAB);
    StateDirectory state = StateDirectory.ofProgram(values, console, name());
    OrderlyEnd end = new OrderlyEnd(console);
    RunningGateway gateway =
        end.closing(
            RunningGateway.start(
                RunningGateway.onLoopback(values, state),
                KernelsPlan.of(values, console, Optional.of(python), false),
                state));
    JupyterLab lab =
        end.closing(
            JupyterLab.start(
                new Launch(python, port, notebooks, !values.get(NO_BROWSER), arguments),
                new Upstream(gateway.url(), gateway.token()),
                Tokens.fresh(),
                state.path().resolve("jupyterlab.log")));
    console.say("starting JupyterLab ...");
    lab.awaitReady();
    console.print("JupyterLab is ready: " + lab.url());
    console.say(
        "Its kernels are behind the gateway at %s. Ctrl-C ends both.".formatted(gateway.url()));
    lab.awaitEnd();
    end.unlessEnding(() -> console.say(lab.death()));
    return 1;
  }

  /** The port itself, or the next one above it that nobody listens on. */
  private static int freePort(int wanted) throws ProgramFailure {
    int tried = wanted == 0 ? 1 : PORTS_TRIED;
    return IntStream.range(wanted, wanted + tried)
        .map(LabProgram::bound)
        .filter(port -> port > 0)
        .findFirst()
        .orElseThrow(() ->
            new ProgramFailure(
                "no port from %d to %d is free; choose another with --port"
                    .formatted(wanted, wanted + tried - 1)));
  }

  private static int bound(int port) {
    if (port > 65_535) {
      return -1;
    }
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException taken) {
      return -1;
    }
  }
}
