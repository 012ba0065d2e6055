// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.peers;

import io.elasticjupyter.gateway.http.Header;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.replicas.Peers;
import io.elasticjupyter.kernels.replicas.Replica;
import io.elasticjupyter.kernels.store.KernelCopy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;

/** The other replicas over HTTP. Safe for any thread; calls block. */
public final class HttpPeers implements Peers, AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration COPY = Duration.ofSeconds(5);

  /** A kernel's start or an interrupt may wait for the API server, or for the kernel. */
  private static final Duration REQUEST = Duration.ofSeconds(30);

  private static final List<String> PASSED_ON = List.of("content-type", "location", "retry-after");

  private final PeerSecret secret;
  private final String self;
  private final HttpClient client;

  /**
   * @param self this replica's id, which the others note as whose a kernel was
   */
  public HttpPeers(PeerSecret secret, String self) {
    this.secret = secret;
    this.self = self;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .executor(
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("peer-", 0).factory()))
            .build();
  }

  @Override
  public Answer give(Replica to, KernelId kernel, KernelCopy piece) throws IOException {
    java.net.http.HttpResponse<byte[]> answer =
        send(
            request(to, PeerRoutes.PATH + kernel, "PUT", BodyPublishers.ofByteArray(piece.bytes()))
                .timeout(COPY)
                .build());
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    if (answer.statusCode() != 200) {
      throw new IOException(
          "replica %s answered %d: %s".formatted(to.name(), answer.statusCode(), text));
    }
    try {
      return Answer.valueOf(text);
    } catch (IllegalArgumentException e) {
      throw new IOException("replica %s answered %s".formatted(to.name(), text), e);
    }
  }

  @Override
  public void drop(Replica at, KernelId kernel) throws IOException {
    int status =
        send(request(at, PeerRoutes.PATH + kernel, "DELETE", BodyPublishers.noBody())
                .timeout(CONNECT)
                .build())
            .statusCode();
    if (status != 204) {
      throw new IOException("replica %s answered %d".formatted(at.name(), status));
    }
  }

  /**
   * Lets a replica end, in order, the websockets that this one sends on to it.
   *
   * @throws IOException if it does not answer, or not in time
   */
  void endWebsockets(Replica at) throws IOException {
    int status =
        send(request(at, PeerRoutes.WEBSOCKETS, "DELETE", BodyPublishers.noBody())
                .timeout(CONNECT)
                .build())
            .statusCode();
    if (status != 204) {
      throw new IOException("replica %s answered %d".formatted(at.name(), status));
    }
  }

  /** What this replica says that it is, as a header field's value. */
  String self() {
    return self;
  }

  /**
   * Sends a client's request on.
   *
   * @param target path and query, encoded
   * @throws IOException if the replica does not answer, or not in time
   */
  HttpResponse ask(
      Replica replica, String method, String target, Optional<String> contentType, byte[] body)
      throws IOException {
    HttpRequest.Builder request =
        request(
                replica,
                target,
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .timeout(REQUEST);
    contentType.ifPresent(type -> request.setHeader("Content-Type", type));
    java.net.http.HttpResponse<byte[]> answer = send(request.build());
    List<Header> headers = new ArrayList<>();
    for (String name : PASSED_ON) {
      answer.headers().firstValue(name).ifPresent(value -> headers.add(new Header(name, value)));
    }
    return new HttpResponse(answer.statusCode(), Optional.empty(), headers, answer.body());
  }

  private HttpRequest.Builder request(
      Replica replica, String target, String method, BodyPublisher body) {
    return HttpRequest.newBuilder(URI.create("http://" + replica.address() + target))
        .method(method, body)
        .header("Authorization", secret.authorization())
        .header(PeerRoutes.SENDER, self);
  }

  private java.net.http.HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a replica was asked", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
