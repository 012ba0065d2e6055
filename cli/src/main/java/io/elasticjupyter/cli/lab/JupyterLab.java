// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.lab;

import io.elasticjupyter.cli.program.ProgramFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A running JupyterLab that takes its kernels from a gateway. */
final class JupyterLab implements AutoCloseable {

  /** How a JupyterLab is started. */
  record Launch(Path python, int port, Path notebooks, boolean browser, List<String> arguments) {
    Launch {
      arguments = List.copyOf(arguments);
    }
  }

  /** The gateway that it is pointed at. */
  record Upstream(String url, String token) {}

  private static final Duration PATIENCE_TO_START = Duration.ofSeconds(90);
  private static final Duration PATIENCE_TO_END = Duration.ofSeconds(15);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(200);
  private static final int TAIL_LINES = 20;

  private final Process process;
  private final Path log;
  private final URI url;

  private JupyterLab(Process process, Path log, URI url) {
    this.process = process;
    this.log = log;
    this.url = url;
  }

  /**
   * Starts it.
   *
   * @param token what its own page asks for
   * @param log gets everything that it says
   */
  static JupyterLab start(Launch launch, Upstream upstream, String token, Path log)
      throws ProgramFailure {
    List<String> command = new ArrayList<>();
    command.add(launch.python().toString());
    command.addAll(List.of("-c", source()));
    command.add("--gateway-url=" + upstream.url());
    command.add("--ServerApp.port=" + launch.port());
    command.add("--ServerApp.port_retries=0");
    command.add("--ServerApp.root_dir=" + launch.notebooks());
    if (!launch.browser()) {
      command.add("--no-browser");
    }
    if (System.getProperty("user.name", "").equals("root")) {
      command.add("--allow-root");
    }
    command.addAll(launch.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
    // Tokens by environment: arguments are for everybody to read.
    builder.environment().put("JUPYTER_GATEWAY_AUTH_TOKEN", upstream.token());
    builder.environment().put("JUPYTER_TOKEN", token);
    try {
      URI url = URI.create("http://127.0.0.1:%d/lab?token=%s".formatted(launch.port(), token));
      return new JupyterLab(builder.start(), log, url);
    } catch (IOException failure) {
      throw new ProgramFailure(
          "JupyterLab cannot be started with %s: %s".formatted(launch.python(), failure), failure);
    }
  }

  private static String source() throws ProgramFailure {
    try (InputStream source =
        Objects.requireNonNull(JupyterLab.class.getResourceAsStream("beside_gateway.py"))) {
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new ProgramFailure("beside_gateway.py is not in the program's jar", failure);
    }
  }

  /** Waits until its page can be opened. */
  void awaitReady() throws ProgramFailure, InterruptedException {
    URI question = url.resolve("/api");
    long end = System.nanoTime() + PATIENCE_TO_START.toNanos();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < end) {
        if (process.waitFor(BETWEEN_QUESTIONS.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new ProgramFailure(death());
        }
        if (answers(client, question)) {
          return;
        }
      }
    }
    throw new ProgramFailure(
        "JupyterLab did not answer in %d s; its log, %s, ends with:%n%s"
            .formatted(PATIENCE_TO_START.toSeconds(), log, tail()));
  }

  private static boolean answers(HttpClient client, URI question) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(question).timeout(Duration.ofSeconds(5)).build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYetListening) {
      return false;
    }
  }

  /** Where its page is, token included. */
  URI url() {
    return url;
  }

  /** Waits for its end, however that comes about. */
  int awaitEnd() throws InterruptedException {
    return process.waitFor();
  }

  /** What to tell a person about its end. */
  String death() {
    return "JupyterLab ended with exit code %d; its log, %s, ends with:%n%s"
        .formatted(process.exitValue(), log, tail());
  }

  private String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException failure) {
      return "(it cannot be read: " + failure.getMessage() + ")";
    }
  }

  /** Ends it in order, or without its consent where it takes too long. */
  @Override
  public void close() {
    // By its handle, which leaves its standard input open: closing that is a second way of asking.
    process.toHandle().destroy();
    try {
      if (!process.waitFor(PATIENCE_TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
