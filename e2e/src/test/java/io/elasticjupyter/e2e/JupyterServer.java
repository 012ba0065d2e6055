// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import io.elasticjupyter.testkit.ProcessUnderTest;
import io.elasticjupyter.testkit.PythonEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A stock jupyter_server, with JupyterLab or without, that has its kernels from a gateway. When it
 * is closed it deletes the kernels that it started, as it does for a user.
 */
final class JupyterServer implements AutoCloseable {

  static final String TOKEN = "token-of-the-server";
  private static final Pattern URL = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/\\S*token=");

  private final ProcessUnderTest process;
  private final URI url;
  private final String name;

  private JupyterServer(
      String name, String module, Path directory, URI gateway, String token, List<String> more) {
    this.name = name;
    Map<String, String> env = GatewayProgram.cleanEnvironment();
    env.put("JUPYTER_GATEWAY_URL", gateway.toString());
    if (!token.isEmpty()) {
      env.put("JUPYTER_GATEWAY_AUTH_TOKEN", token);
    }
    env.put("JUPYTER_CONFIG_DIR", quietConfiguration(directory).toString());
    env.put("JUPYTER_DATA_DIR", directory.resolve("jupyter-data").toString());
    List<String> command = new ArrayList<>();
    command.add(PythonEnvironment.get().python().toString());
    command.addAll(List.of("-m", module, "--no-browser", "--allow-root"));
    command.addAll(List.of("--ip=127.0.0.1", "--port=0", "--IdentityProvider.token=" + TOKEN));
    command.add("--ServerApp.root_dir=" + notebooks(directory));
    command.addAll(more);
    process = ProcessUnderTest.start(name, directory, env, command);
    Matcher said =
        URL.matcher(process.awaitLine(line -> URL.matcher(line).find(), Duration.ofMinutes(2)));
    if (!said.find()) {
      throw new AssertionError("the line was just found to hold an address");
    }
    url = URI.create(said.group(1));
    // It tells its address a moment before it listens there.
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreException(UncheckedIOException.class)
        .until(() -> rest().status("/api") == 200);
  }

  /** Starts a jupyter_server without a user interface. */
  static JupyterServer start(Path directory, URI gateway, String token) {
    return new JupyterServer(
        "jupyter_server", "jupyter_server", directory, gateway, token, List.of());
  }

  /** Starts a JupyterLab. */
  static JupyterServer startLab(Path directory, URI gateway, String token) {
    return new JupyterServer("jupyterlab", "jupyterlab", directory, gateway, token, List.of());
  }

  URI url() {
    return url;
  }

  Rest rest() {
    return new Rest(url, TOKEN);
  }

  /** Where its notebooks lie. */
  static Path notebooks(Path directory) {
    return created(directory.resolve("notebooks"));
  }

  @Override
  public void close() {
    process.close();
    TestFiles.write(
        "logs", name + "-" + process.pid() + ".log", String.join("\n", process.output()));
  }

  /** Turns off what asks the internet or the user: news, and windowing that hides cells. */
  private static Path quietConfiguration(Path directory) {
    Path configuration = directory.resolve("jupyter-config");
    Path tracker = configuration.resolve("lab/user-settings/@jupyterlab/notebook-extension");
    try {
      Files.writeString(
          created(configuration.resolve("labconfig")).resolve("page_config.json"),
          "{\"disabledExtensions\": {\"@jupyterlab/apputils-extension:announcements\": true}}");
      Files.writeString(
          created(tracker).resolve("tracker.jupyterlab-settings"), "{\"windowingMode\": \"none\"}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return configuration;
  }

  private static Path created(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
