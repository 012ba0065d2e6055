// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a gateway is started.
 *
 * @param words command line
 * @param port where it will listen; 0 when it tells on its first line of output
 */
record GatewayCommand(List<String> words, int port) {

  static GatewayCommand of(
      Contender contender, Workbench workbench, Path home, String token, int port) {
    String python = workbench.python().toString();
    return switch (contender) {
      case RAW -> throw new IllegalArgumentException("raw ZeroMQ has no gateway");
      case OURS, OURS_LEGACY ->
          new GatewayCommand(
              List.of(
                  workbench.project().resolve("elastic-jupyter").toString(),
                  "local",
                  "--port",
                  "0",
                  "--token",
                  token,
                  "--state-dir",
                  home.resolve("state").toString(),
                  "--kernel-path",
                  workbench.jupyterPath().resolve("kernels").toString()),
              0);
      case JUPYTER_SERVER, JUPYTER_SERVER_LIMITED ->
          new GatewayCommand(
              List.of(
                  python,
                  "-m",
                  "jupyter_server",
                  "--ServerApp.ip=127.0.0.1",
                  "--ServerApp.port=" + port,
                  "--ServerApp.port_retries=0",
                  "--ServerApp.open_browser=False",
                  "--ServerApp.root_dir=" + home,
                  "--allow-root",
                  "--IdentityProvider.token=" + token,
                  "--ZMQChannelsWebsocketConnection.limit_rate="
                      + (contender == Contender.JUPYTER_SERVER ? "False" : "True")),
              port);
      case KERNEL_GATEWAY ->
          new GatewayCommand(
              List.of(
                  python,
                  "-m",
                  "kernel_gateway",
                  "--KernelGatewayApp.ip=127.0.0.1",
                  "--KernelGatewayApp.port=" + port,
                  "--KernelGatewayApp.port_retries=0",
                  "--KernelGatewayApp.auth_token=" + token,
                  "--ZMQChannelsWebsocketConnection.limit_rate=False"),
              port);
      case ENTERPRISE_GATEWAY ->
          new GatewayCommand(
              List.of(
                  workbench.enterprisePython().toString(),
                  "-m",
                  "enterprise_gateway",
                  "--EnterpriseGatewayApp.ip=127.0.0.1",
                  "--EnterpriseGatewayApp.port=" + port,
                  "--EnterpriseGatewayApp.port_retries=0",
                  "--EnterpriseGatewayApp.auth_token=" + token),
              port);
    };
  }

  /** Keeps configuration and kernelspecs of this machine's user out of the run. */
  static Map<String, String> environment(Workbench workbench, Path home) {
    return Map.of(
        "JUPYTER_PATH", workbench.jupyterPath().toString(),
        "JUPYTER_CONFIG_DIR", home.resolve("config").toString(),
        "JUPYTER_DATA_DIR", home.resolve("data").toString(),
        "JUPYTER_RUNTIME_DIR", home.resolve("runtime").toString(),
        "JUPYTER_NO_CONFIG", "1",
        "IPYTHONDIR", home.resolve("ipython").toString());
  }
}
