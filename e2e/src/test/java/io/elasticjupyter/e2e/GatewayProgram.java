// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.elasticjupyter.testkit.ProcessUnderTest;
import io.elasticjupyter.testkit.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code ./elastic-jupyter local}, as a user or a script starts it. May be ended, the soft and the
 * hard way, and started again at the same port with the same state directory. {@link #close} ends
 * its kernels too.
 */
final class GatewayProgram implements AutoCloseable {

  static final String TOKEN = "token-of-the-test";

  private static final ObjectMapper JSON = new ObjectMapper();
  // The first start of a fresh clone may build something; two loaded cores are slow.
  private static final Duration PATIENCE_TO_START = Duration.ofMinutes(3);

  private final Path directory;
  private final Path kernelspecs;
  private final String token;
  private final List<String> options;
  private final Map<String, String> env;
  private ProcessUnderTest process;
  private URI url;
  private long pid;

  private GatewayProgram(
      Path directory,
      Path kernelspecs,
      String token,
      Map<String, String> env,
      List<String> options) {
    this.env = Map.copyOf(env);
    this.directory = directory;
    this.kernelspecs = kernelspecs;
    this.token = token;
    this.options = List.copyOf(options);
    process = launch(0);
    JsonNode first = firstLine(process);
    url = URI.create(first.get("url").textValue());
    pid = first.get("pid").longValue();
  }

  /**
   * Starts a gateway at a free port of 127.0.0.1 with {@value #TOKEN}.
   *
   * @param directory of the test; the state directory is made in it
   * @param kernelspecs the folder whose children are the kernelspecs
   * @param options more of them for {@code local}
   */
  static GatewayProgram start(Path directory, Path kernelspecs, String... options) {
    return new GatewayProgram(directory, kernelspecs, TOKEN, Map.of(), List.of(options));
  }

  /** Starts a gateway with more in its environment. */
  static GatewayProgram startWith(
      Map<String, String> env, Path directory, Path kernelspecs, String... options) {
    return new GatewayProgram(directory, kernelspecs, TOKEN, env, List.of(options));
  }

  /** Starts a gateway that asks nobody for a token. */
  static GatewayProgram startOpen(Path directory, Path kernelspecs, String... options) {
    return new GatewayProgram(directory, kernelspecs, "", Map.of(), List.of(options));
  }

  URI url() {
    return url;
  }

  int port() {
    return url.getPort();
  }

  /** The process id of the gateway itself, which it told; a launcher's may be another. */
  long pid() {
    return pid;
  }

  ProcessUnderTest process() {
    return process;
  }

  Path stateDirectory() {
    return directory.resolve("state");
  }

  Rest rest() {
    return new Rest(url, token);
  }

  /** Ends it as a crash or the kernel's out-of-memory killer would. */
  void kill() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    process.kill();
    saveLog();
  }

  /** Ends it as a service manager would and waits until it is gone. */
  int terminate() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    int code = process.awaitExit(Duration.ofSeconds(60));
    saveLog();
    return code;
  }

  /** Starts it again after its end, at the same address; of a given port it tells no more. */
  void startAgain() {
    process = launch(port());
    process.awaitLine(line -> line.contains("The gateway is ready"), PATIENCE_TO_START);
    pid = process.pid();
  }

  /** The memory that it holds, in bytes, as Linux counts it (VmRSS). */
  long residentBytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      String line =
          lines.filter(candidate -> candidate.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      Rest rest = rest();
      for (JsonNode kernel : rest.get("/api/kernels").json()) {
        rest.delete("/api/kernels/" + kernel.get("id").textValue());
      }
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }
    process.close();
    saveLog();
    Leftovers.assertNoneOf(stateDirectory());
  }

  private ProcessUnderTest launch(int port) {
    List<String> command = new ArrayList<>();
    command.add(program());
    command.add("local");
    command.addAll(List.of("--port", Integer.toString(port), "--token", token));
    command.addAll(List.of("--state-dir", stateDirectory().toString()));
    command.addAll(List.of("--kernel-path", kernelspecs.toString()));
    command.addAll(options);
    Map<String, String> environment = cleanEnvironment();
    environment.putAll(env);
    return ProcessUnderTest.start("elastic-jupyter local", directory, environment, command);
  }

  private static JsonNode firstLine(ProcessUnderTest process) {
    String line = process.awaitLine(text -> text.startsWith("{\"url\""), PATIENCE_TO_START);
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError("its first line is not the JSON that is promised: " + line, e);
    }
  }

  /** The program of this clone; {@code elastic.program} names another that keeps the contract. */
  static String program() {
    return System.getProperty(
        "elastic.program", ProjectRoot.path().resolve("elastic-jupyter").toString());
  }

  /** Takes away what a user's own Jupyter settings would change. */
  static Map<String, String> cleanEnvironment() {
    Map<String, String> env = new TreeMap<>();
    for (String name : System.getenv().keySet()) {
      if (name.startsWith("JUPYTER_") || name.startsWith("EG_") || name.startsWith("KG_")) {
        env.put(name, "");
      }
    }
    return env;
  }

  private void saveLog() {
    TestFiles.write("logs", "gateway-" + pid + ".log", String.join("\n", process.output()));
  }
}
