// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import io.elasticjupyter.bench.contender.GatewayApi;
import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.load.WebSocketLink;
import java.io.IOException;
import java.util.Map;

/**
 * A gateway that runs in the cluster, ours or Enterprise Gateway, and one of its kernelspecs.
 *
 * @param environment what its clients send
 */
record InstalledGateway(GatewayApi api, String kernelspec, Map<String, String> environment)
    implements KernelSource {

  @Override
  public StartedKernel start() throws IOException {
    return new Started(this, api.start(kernelspec, environment));
  }

  private record Started(InstalledGateway gateway, String id) implements StartedKernel {

    /** Both gateways name it so for the user that {@link GatewayApi} gives. */
    @Override
    public String pod() {
      return "bench-" + id;
    }

    @Override
    public KernelLink connect(String session) throws IOException {
      return gateway.api.connect(id, WebSocketLink.Options.of(session));
    }

    /** Its gateway sees to it. */
    @Override
    public void idleLimitIsOver() {}

    @Override
    public void stop() throws IOException {
      gateway.api.delete(id);
    }
  }

  @Override
  public void close() {
    api.close();
  }
}
