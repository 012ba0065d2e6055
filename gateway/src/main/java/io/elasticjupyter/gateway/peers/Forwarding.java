// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.Header;
import io.elasticjupyter.gateway.http.HttpAnswer;
import io.elasticjupyter.gateway.http.HttpRequest;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.ProtocolSwitch;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.replicas.Replica;
import io.elasticjupyter.kernels.replicas.Territory;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Sends a client's request to the replica that has the kernel, so that a client may come to any.
 * Safe for any thread.
 */
public final class Forwarding {

  private static final System.Logger LOG = System.getLogger(Forwarding.class.getName());

  private final Territory territory;
  private final HttpPeers peers;
  private final PeerSecret secret;
  private final String kernels;
  private final Set<ForwardedSocket> sockets = ConcurrentHashMap.newKeySet();

  /**
   * @param kernels the path of all kernels
   */
  public Forwarding(Territory territory, HttpPeers peers, PeerSecret secret, String kernels) {
    this.kernels = kernels;
    this.territory = territory;
    this.peers = peers;
    this.secret = secret;
  }

  /**
   * Sends a request on.
   *
   * @return empty where the kernel is here, or nowhere
   * @throws ApiFailure 503 where the kernel changes its replica at the moment
   */
  public Optional<HttpAnswer> forward(HttpRequest request, String kernelId) throws ApiFailure {
    Optional<KernelId> kernel = KernelId.parse(kernelId);
    if (kernel.isEmpty()) {
      return Optional.empty();
    }
    return switch (territory.whereIs(kernel.get())) {
      case Territory.Place.Here _ -> Optional.empty();
      case Territory.Place.Between _ -> throw moving();
      case Territory.Place.At(Replica other) ->
          Optional.of(send(other, request, () -> isAt(kernel.get(), other)));
      case Territory.Place.Nowhere _ -> {
        Optional<Replica> other = whoHas(kernel.get());
        yield other.isPresent()
            ? Optional.of(send(other.get(), request, () -> isAt(kernel.get(), other.get())))
            : Optional.empty();
      }
    };
  }

  /**
   * A kernel that was asked for a moment ago is known where it was asked for, and here only when
   * the cluster has told.
   */
  private Optional<Replica> whoHas(KernelId kernel) {
    return territory.others().parallelStream()
        .filter(other -> answerOf(other, kernels + "/" + kernel).isPresent())
        .findFirst();
  }

  /**
   * Lets another replica start a kernel, where this one leaves.
   *
   * @return empty where it is started here
   */
  public Optional<HttpAnswer> startElsewhere(HttpRequest request) throws ApiFailure {
    if (!territory.isLeaving()) {
      return Optional.empty();
    }
    Optional<Replica> other = territory.anotherThatStays();
    return other.isPresent()
        ? Optional.of(send(other.get(), request, () -> true))
        : Optional.empty();
  }

  /**
   * Also where that is not known yet: a kernel that was just asked for is told of a moment later.
   */
  private boolean isAt(KernelId kernel, Replica replica) {
    return switch (territory.whereIs(kernel)) {
      case Territory.Place.At(Replica now) -> now.id().equals(replica.id());
      case Territory.Place.Nowhere _ -> true;
      case Territory.Place.Here _, Territory.Place.Between _ -> false;
    };
  }

  private HttpAnswer send(Replica other, HttpRequest request, BooleanSupplier there)
      throws ApiFailure {
    try {
      return request.headers().lists("Upgrade", "websocket")
          ? open(other, request, there)
          : peers.ask(
              other,
              request.method(),
              target(request),
              request.headers().first("Content-Type"),
              request.body().read());
    } catch (IOException e) {
      throw moving();
    }
  }

  /** 503 makes clients try again, where 404 would make them forget their kernels. */
  private static ApiFailure moving() {
    return ApiFailure.of(
        FailureCode.KERNEL_MOVING, "The kernel changes from one gateway to another, try again.");
  }

  private HttpAnswer open(Replica other, HttpRequest request, BooleanSupplier there)
      throws IOException {
    ForwardedSocket socket =
        ForwardedSocket.open(other, target(request), request, secret, peers.self());
    if (!socket.isOpen()) {
      try (socket) {
        List<Header> headers = new ArrayList<>();
        socket
            .header("Content-Type")
            .ifPresent(type -> headers.add(new Header("Content-Type", type)));
        return new HttpResponse(socket.status(), Optional.empty(), headers, socket.body());
      }
    }
    sockets.add(socket);
    return new ProtocolSwitch(
        socket.switching(),
        Duration.ZERO,
        stream -> {
          try {
            socket.run(stream, there);
          } finally {
            sockets.remove(socket);
          }
        });
  }

  /** Path and query as they came. */
  private static String target(HttpRequest request) {
    StringBuilder target = new StringBuilder(request.path().replace(" ", "%20"));
    char separator = '?';
    for (Map.Entry<String, List<String>> parameter : request.query().entrySet()) {
      // The client's own token is checked already, and none of the other replica's business.
      if (!parameter.getKey().equals("token")) {
        for (String value : parameter.getValue()) {
          target
              .append(separator)
              .append(URLEncoder.encode(parameter.getKey(), UTF_8))
              .append('=')
              .append(URLEncoder.encode(value, UTF_8));
          separator = '&';
        }
      }
    }
    return target.toString();
  }

  /** The other replicas' lists of what each has; those that do not answer are passed over. */
  List<byte[]> listsOfOthers() {
    return territory.others().parallelStream()
        .flatMap(other -> answerOf(other, kernels).stream())
        .toList();
  }

  private Optional<byte[]> answerOf(Replica other, String path) {
    try {
      HttpResponse answer = peers.ask(other, "GET", path, Optional.empty(), new byte[0]);
      return answer.status() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Ends every websocket that is sent on, in order, so that it is known what each client has; cuts
   * those that take longer.
   */
  public void stop(Duration patience) throws InterruptedException {
    Set<Replica> others =
        sockets.stream().map(ForwardedSocket::to).collect(Collectors.toUnmodifiableSet());
    others.parallelStream().forEach(this::endWebsockets);
    long deadline = System.nanoTime() + patience.toNanos();
    for (ForwardedSocket socket : sockets) {
      boolean _ = socket.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
    sockets.forEach(ForwardedSocket::close);
  }

  private void endWebsockets(Replica other) {
    try {
      peers.endWebsockets(other);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "event=websockets-not-ended-in-order at={0} consequence=cut reason={1}",
          other.name(),
          e.toString());
    }
  }
}
