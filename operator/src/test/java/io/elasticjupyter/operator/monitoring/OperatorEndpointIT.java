// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class OperatorEndpointIT {

  @Test
  void metricsAndHealthAreTold() throws IOException, InterruptedException {
    AtomicBoolean healthy = new AtomicBoolean(true);
    OperatorMeters meters = new OperatorMeters();
    try (HttpClient client = HttpClient.newHttpClient();
        OperatorEndpoint endpoint = OperatorEndpoint.open(0, meters::scrape, healthy::get)) {
      HttpResponse<String> metrics = get(client, endpoint, "/metrics");
      assertThat(metrics.statusCode()).isEqualTo(200);
      assertThat(metrics.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain; version=0.0.4");
      assertThat(metrics.body()).contains("elastic_jupyter_operator_leader 0.0");
      assertThat(get(client, endpoint, "/readyz").statusCode()).isEqualTo(200);
      assertThat(get(client, endpoint, "/healthz").statusCode()).isEqualTo(200);
      assertThat(get(client, endpoint, "/").statusCode()).isEqualTo(404);

      healthy.set(false);

      assertThat(get(client, endpoint, "/healthz").statusCode()).isEqualTo(503);
    }
  }

  private static HttpResponse<String> get(HttpClient client, OperatorEndpoint endpoint, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
