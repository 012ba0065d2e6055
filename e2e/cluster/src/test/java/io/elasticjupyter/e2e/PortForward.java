// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import io.elasticjupyter.testkit.ProcessUnderTest;
import io.elasticjupyter.testkit.ProjectRoot;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** {@code kubectl port-forward}, as a user reaches a Pod from their own machine. */
final class PortForward implements AutoCloseable {

  private static final String SAID = "Forwarding from 127.0.0.1:";

  private final ProcessUnderTest process;
  private final URI url;

  private PortForward(ProcessUnderTest process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Forwards a free port.
   *
   * @param target for example {@code deploy/notebook}
   */
  static PortForward to(Kubectl kubectl, String target, int port) {
    ProcessUnderTest process =
        ProcessUnderTest.start(
            "kubectl port-forward " + target,
            ProjectRoot.path(),
            Map.of(),
            kubectl.command("port-forward", target, ":" + port));
    try {
      String line = process.awaitLine(said -> said.startsWith(SAID), Duration.ofSeconds(60));
      String local = line.substring(SAID.length(), line.indexOf(' ', SAID.length()));
      return new PortForward(process, URI.create("http://127.0.0.1:" + local));
    } catch (RuntimeException | AssertionError e) {
      process.close();
      throw e;
    }
  }

  URI url() {
    return url;
  }

  @Override
  public void close() {
    process.close();
  }
}
