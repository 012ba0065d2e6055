// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How the client's failures read, the real client's at a server that answers so or not at all. */
final class NotMadeIT {

  private static final Pod POD =
      new PodBuilder()
          .withNewMetadata()
          .withName("kernel")
          .withNamespace("here")
          .endMetadata()
          .build();

  @Test
  void aCallThatIsInterruptedIsNoRefusal() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        KubernetesClient client = client(silent.getLocalPort())) {
      CompletableFuture<KubernetesClientException> failure = new CompletableFuture<>();
      Thread reconcile = Thread.ofVirtual().start(() -> failure.complete(failureToCreate(client)));
      // The request has come, so the call is in the middle.
      silent.accept().getInputStream().read();

      reconcile.interrupt();

      assertThat(NotMade.of(failure.get(20, TimeUnit.SECONDS))).isEqualTo(NotMade.NO_ANSWER);
    }
  }

  @Test
  void aConnectionThatBreaksIsNoRefusal() throws Exception {
    try (ServerSocket breaking = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        KubernetesClient client = client(breaking.getLocalPort())) {
      CompletableFuture<KubernetesClientException> failure =
          CompletableFuture.supplyAsync(() -> failureToCreate(client));
      breaking.accept().close();

      assertThat(NotMade.of(failure.get(20, TimeUnit.SECONDS))).isEqualTo(NotMade.NO_ANSWER);
    }
  }

  @Test
  void nobodyWhoListensIsNoRefusal() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    try (KubernetesClient client = client(port)) {
      assertThat(NotMade.of(failureToCreate(client))).isEqualTo(NotMade.NO_ANSWER);
    }
  }

  @Test
  void onlyWhatTheServerSaysOfThePodIsARefusal() throws Exception {
    assertThat(answered(422, "spec.containers: Required value")).isEqualTo(NotMade.REFUSED);
    assertThat(answered(403, "violates PodSecurity")).isEqualTo(NotMade.REFUSED);
    assertThat(answered(403, "exceeded quota: gpus")).isEqualTo(NotMade.OVER_QUOTA);
    assertThat(answered(409, "already exists")).isEqualTo(NotMade.NAME_IS_TAKEN);
    assertThat(answered(401, "Unauthorized")).isEqualTo(NotMade.NO_ANSWER);
    assertThat(answered(429, "too many requests")).isEqualTo(NotMade.NO_ANSWER);
    assertThat(answered(500, "failed calling webhook")).isEqualTo(NotMade.NO_ANSWER);
    assertThat(answered(503, "apiserver is shutting down")).isEqualTo(NotMade.NO_ANSWER);
  }

  private static NotMade answered(int code, String message) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] status =
        """
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": %d, "message": "%s"}\
        """
            .formatted(code, message)
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, status.length);
            exchange.getResponseBody().write(status);
          }
        });
    server.start();
    try (KubernetesClient client = client(server.getAddress().getPort())) {
      return NotMade.of(failureToCreate(client));
    } finally {
      server.stop(0);
    }
  }

  private static KubernetesClientException failureToCreate(KubernetesClient client) {
    return catchThrowableOfType(
        KubernetesClientException.class, () -> client.resource(POD).create());
  }

  private static KubernetesClient client(int port) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                .withMasterUrl("http://127.0.0.1:" + port)
                .withRequestRetryBackoffLimit(0)
                .build())
        .build();
  }
}
