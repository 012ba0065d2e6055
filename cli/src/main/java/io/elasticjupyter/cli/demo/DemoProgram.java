// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.cli.client.GatewayClient;
import io.elasticjupyter.cli.client.KernelChannels;
import io.elasticjupyter.cli.local.ServiceOptions;
import io.elasticjupyter.cli.local.TemporaryGateway;
import io.elasticjupyter.cli.logging.Logs;
import io.elasticjupyter.cli.logging.Logs.Verbosity;
import io.elasticjupyter.cli.program.Checkout;
import io.elasticjupyter.cli.program.Console;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One kernel from its start over its sleep to the next cell, with times and memory. */
public final class DemoProgram implements Program {

  static final Setting<Duration> IDLE_SECONDS =
      Setting.of(
              "--idle-seconds",
              Shape.one("SECONDS"),
              "5",
              ValueReaders::seconds,
              "How long the kernel may be idle before it hibernates.")
          .named();

  static final Setting<Integer> MEGABYTES =
      Setting.of(
              "--megabytes",
              Shape.one("COUNT"),
              "300",
              ValueReaders.number(1, 100_000),
              "How much the demo's variables hold.")
          .named();

  private static final String FINGERPRINT = "print(len(data), first(data))";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MARGIN_OF_IDLE_RULE_SECONDS = 30;

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String summary() {
    return "What becomes of an idle kernel, told as a timeline. No browser; start here.";
  }

  @Override
  public String description() {
    return "Starts a gateway and a real kernel, gives it variables, leaves it idle with a short"
        + " limit, shows that its process and its memory are gone, and runs the next cell, which finds"
        + " the variables. Everything goes over the same HTTP and websocket that JupyterLab uses. Ends with"
        + " 1 if anything did not happen as told.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("The demo", List.of(IDLE_SECONDS, MEGABYTES, ServiceOptions.PYTHON)));
  }

  @Override
  public int run(Values values, List<String> arguments, Console console)
      throws ProgramFailure, InterruptedException {
    Logs.show(Verbosity.WARNING);
    Path python =
        new PythonEnvironments(Checkout.root(), console)
            .interpreter(values.get(ServiceOptions.PYTHON), Purpose.DEMO);
    Duration limit = values.get(IDLE_SECONDS);
    Timeline timeline = new Timeline(console, InstantSource.system());
    timeline.heading(
        """
        What becomes of a kernel that nobody uses: one gateway, one real ipykernel, no browser.
        The idle limit is %s s here so that you need not wait; in daily use it is minutes to hours.
        """
            .formatted(ValueReaders.inSeconds(limit)));
    try (TemporaryGateway gateway = TemporaryGateway.withIdleLimit(python, limit, console);
        GatewayClient client = new GatewayClient(gateway.url(), gateway.token())) {
      timeline.tell("the gateway listens on " + gateway.url());
      new Story(timeline, client, values.get(MEGABYTES), limit).tell();
    } catch (IOException failure) {
      throw new ProgramFailure("the memory of the kernel's process cannot be read", failure);
    }
    return 0;
  }

  /** The steps, each of which must happen or the demo fails. */
  private record Story(Timeline timeline, GatewayClient client, int megabytes, Duration limit) {

    void tell() throws ProgramFailure, InterruptedException, IOException {
      String kernel = start();
      try (KernelChannels channels = client.open(kernel)) {
        Subject subject = work(channels);
        sleep(channels, kernel, subject);
        wake(channels, subject);
        conclude(subject, client.held(kernel));
      }
      client.delete(kernel);
    }

    private String start() throws ProgramFailure, InterruptedException {
      Instant asked = timeline.now();
      String kernel = client.startKernel("python3");
      timeline.tell(
          "a kernel is asked for: answered after %.0f ms, while it comes up"
              .formatted(timeline.seconds(asked) * 1e3));
      return kernel;
    }

    private Subject work(KernelChannels channels)
        throws ProgramFailure, InterruptedException, IOException {
      Instant sent = timeline.now();
      long pid = Long.parseLong(printed(channels, "import os; print(os.getpid())"));
      timeline.tell(
          "its first cell has run, %.2f s after it was sent; held until the kernel answered"
              .formatted(timeline.seconds(sent)));
      long empty = resident(pid);
      timeline.detail("process %d holds %s".formatted(pid, ProcessMemory.megabytes(empty)));
      String code =
          """
          data = os.urandom(1_000_000) * %d
          def first(values): return values[:4].hex()
          print(len(data))
          """
              .formatted(megabytes);
      String length = printed(channels, code);
      long full = resident(pid);
      timeline.tell("In [2]: data = ...   # %s bytes of variables".formatted(length));
      String fingerprint = printed(channels, FINGERPRINT);
      timeline.detail("  len(data), first(data): " + fingerprint);
      timeline.detail("process %d holds %s".formatted(pid, ProcessMemory.megabytes(full)));
      require(
          full - empty > megabytes * 500_000L,
          "the variables should show in the memory of process " + pid);
      return new Subject(pid, full, fingerprint);
    }

    private void sleep(KernelChannels channels, String kernel, Subject subject)
        throws ProgramFailure, InterruptedException, IOException {
      timeline.tell("nobody runs anything from here on; the notebook stays open");
      Duration patience = limit.plusSeconds(MARGIN_OF_IDLE_RULE_SECONDS);
      JsonNode notice =
          channels.await(
              message -> type(message).equals("stream"), patience, "the notice of the idle rule");
      timeline.tell("the idle rule acts; the notebook is told:");
      timeline.quote(notice.path("content").path("text").asText().strip());
      awaitEnd(subject.pid());
      require(
          ProcessMemory.resident(subject.pid()).isEmpty(),
          "process %d should be gone".formatted(subject.pid()));
      timeline.tell(
          "process %d is gone: 0 MB, %s are free again"
              .formatted(subject.pid(), ProcessMemory.megabytes(subject.resident())));
      require(client.knows(kernel), "the gateway should still list the kernel");
      timeline.detail("the kernel is still listed, and its notebook still connected");
    }

    /** The next cell, as a notebook runs it: on the same kernel. */
    private void wake(KernelChannels channels, Subject subject)
        throws ProgramFailure, InterruptedException, IOException {
      timeline.tell("somebody comes back and runs the next cell, which wakes the kernel");
      Instant asked = timeline.now();
      String said = printed(channels, FINGERPRINT);
      timeline.tell(
          "In [3]: len(data), first(data)   # answered after %.2f s"
              .formatted(timeline.seconds(asked)));
      // The gateway's own line comes before what the cell prints.
      String found = said.substring(said.lastIndexOf('\n') + 1);
      timeline.quote(said.substring(0, said.length() - found.length()).strip());
      timeline.detail("  " + found);
      require(
          found.equals(subject.fingerprint()),
          "the variables should be as before, %s, but are: %s"
              .formatted(subject.fingerprint(), found));
      long pid = Long.parseLong(printed(channels, "print(os.getpid())"));
      require(pid != subject.pid(), "the kernel should have another process");
      timeline.detail("process %d holds %s".formatted(pid, ProcessMemory.megabytes(resident(pid))));
    }

    private void conclude(Subject subject, JsonNode held) {
      timeline.heading(
          """

          What becomes of an idle kernel
            given back the whole process: %s of memory, and with it a GPU if it held one
            kept       its variables, functions, imports, history and counters, and the open notebook
            its time   %d s running something, %d s idle with its process, %d s given back
            not kept   what cannot be saved, such as a running generator: its user is told by name
          Hibernation begins where you set --cull-idle-timeout, for example to 1800 seconds.

          Next: ./elastic-jupyter lab   (JupyterLab on the same gateway)\
          """
              .formatted(
                  ProcessMemory.megabytes(subject.resident()),
                  held.path("busy").asLong(),
                  held.path("idle").asLong(),
                  held.path("given_back").asLong()));
    }

    private static String printed(KernelChannels channels, String code)
        throws ProgramFailure, InterruptedException {
      KernelChannels.Result result = channels.run(code, PATIENCE);
      if (result.error().isPresent()) {
        throw new ProgramFailure("the cell '%s' failed: %s".formatted(code, result.error().get()));
      }
      return result.text();
    }

    private static String type(JsonNode message) {
      return message.path("header").path("msg_type").asText();
    }

    private static long resident(long pid)
        throws ProgramFailure, InterruptedException, IOException {
      OptionalLong resident = ProcessMemory.resident(pid);
      require(resident.isPresent(), "process %d should be running".formatted(pid));
      return resident.orElse(0);
    }

    private static void awaitEnd(long pid) throws ProgramFailure, InterruptedException {
      ProcessHandle process = ProcessHandle.of(pid).orElse(null);
      if (process == null) {
        return;
      }
      try {
        process.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException failure) {
        throw new ProgramFailure("process %d did not end".formatted(pid), failure);
      }
    }

    private static void require(boolean happened, String what) throws ProgramFailure {
      if (!happened) {
        throw new ProgramFailure("something did not happen: " + what);
      }
    }
  }

  /** The kernel's process, what it held at its largest, and what its variables say. */
  private record Subject(long pid, long resident, String fingerprint) {}
}
