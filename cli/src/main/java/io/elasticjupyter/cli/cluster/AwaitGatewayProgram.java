// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.cluster;

import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import io.elasticjupyter.cli.settings.Values;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Security;
import java.time.Duration;
import java.util.List;

/**
 * Waits until a gateway answers from here: started in a notebook's Pod before its own containers. A
 * new Pod reaches others only once each node's Service rules and the policy engine know it, and
 * JupyterLab asks for a kernel once and shows what went wrong.
 */
public final class AwaitGatewayProgram implements Program {

  private static final int DEFAULT_PORT = 80;

  private static final Setting<URI> URL =
      Setting.of(
              "--url",
              Shape.one("URL"),
              "http://localhost:8888",
              ValueReaders::httpUrl,
              "The gateway that is waited for.")
          .named("JUPYTER_GATEWAY_URL");

  private static final Setting<Duration> PATIENCE =
      Setting.of(
              "--patience",
              Shape.one("SECONDS"),
              "120",
              ValueReaders::seconds,
              "How long it waits. It ends without a failure then, so that the notebook starts all"
                  + " the same.")
          .named("ELASTIC_JUPYTER_GATEWAY_PATIENCE");

  private static final SettingGroup GROUP =
      new SettingGroup("What is waited for", List.of(URL, PATIENCE));

  @Override
  public String name() {
    return "await-gateway";
  }

  @Override
  public String summary() {
    return "";
  }

  @Override
  public String description() {
    return "Started by the operator in the Pod of a notebook, before the notebook: one that is"
        + " ready can start a kernel then. Any answer will do; it needs no token.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(GROUP);
  }

  @Override
  public int run(Values values, List<String> arguments, Console console)
      throws ProgramFailure, InterruptedException {
    // A Service that is new may have no name yet, which Java would believe for ten seconds.
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    URI url = values.get(URL);
    int port = url.getPort() < 0 ? DEFAULT_PORT : url.getPort();
    GatewayReach reach =
        new GatewayReach(
            () -> new InetSocketAddress(url.getHost(), port), url.toString(), console::print);
    if (!reach.await(values.get(PATIENCE))) {
      console.print(
          "It is waited for no longer. The notebook starts, and may have to wait for a kernel.");
    }
    return 0;
  }
}
