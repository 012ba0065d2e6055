// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import io.elasticjupyter.gateway.auth.CertificateName;
import io.elasticjupyter.gateway.auth.TokenAuth;
import io.elasticjupyter.gateway.cors.Cors;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.ErrorBody;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.errors.StatusPhrase;
import io.elasticjupyter.gateway.http.Header;
import io.elasticjupyter.gateway.http.HttpAnswer;
import io.elasticjupyter.gateway.http.HttpHandler;
import io.elasticjupyter.gateway.http.HttpRequest;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.ProtocolSwitch;
import io.elasticjupyter.gateway.http.RequestObserver;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.gateway.http.Router;
import io.elasticjupyter.gateway.kernelapi.KernelRoutes;
import io.elasticjupyter.gateway.peers.Forwarding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * What every request goes through, in this order: route, token, client certificate, origin, method,
 * endpoint. What refuses it on the way becomes the one error body.
 */
final class FrontDoor implements HttpHandler {

  private static final System.Logger LOG = System.getLogger(FrontDoor.class.getName());

  private final Router router;
  private final Optional<Forwarding> forwarding;
  private final TokenAuth token;
  private final CertificateName certificateName;
  private final Cors cors;
  private final RequestObserver observer;
  private final AuditLog audit;
  private final BooleanSupplier stopping;

  FrontDoor(
      Router router,
      Optional<Forwarding> forwarding,
      TokenAuth token,
      CertificateName certificateName,
      Cors cors,
      RequestObserver observer,
      AuditLog audit,
      BooleanSupplier stopping) {
    this.router = router;
    this.forwarding = forwarding;
    this.token = token;
    this.certificateName = certificateName;
    this.cors = cors;
    this.observer = observer;
    this.audit = audit;
    this.stopping = stopping;
  }

  @Override
  public HttpAnswer answer(HttpRequest request) {
    long begin = System.nanoTime();
    Optional<Router.Match> match = router.find(request.path());
    HttpAnswer answer;
    try {
      answer = dispatch(request, match);
    } catch (ApiFailure failure) {
      answer = refusal(failure, match);
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          () ->
              "request failed: code=internal method=%s route=%s"
                  .formatted(request.method(), template(match)),
          e);
      answer = refusal(ApiFailure.of(FailureCode.INTERNAL, "Unknown server error"), match);
    }
    observer.answered(
        template(match),
        request.method(),
        status(answer),
        Duration.ofNanos(System.nanoTime() - begin));
    audit.answered(request, status(answer));
    return withCors(answer);
  }

  private HttpAnswer dispatch(HttpRequest request, Optional<Router.Match> match) throws ApiFailure {
    if (match.isEmpty()) {
      throw ApiFailure.of(FailureCode.NOT_FOUND, "");
    }
    Route route = match.get().route();
    if (request.method().equals("OPTIONS")) {
      return HttpResponse.empty(200).with("Allow", allowed(route));
    }
    if (route.access() == Route.Access.TOKEN) {
      token.check(request);
      certificateName.check(request);
      checkOrigin(request);
      if (stopping.getAsBoolean()) {
        // 503 makes clients try again, where 404 would make them forget their kernels.
        throw ApiFailure.of(FailureCode.STOPPING, "The gateway goes down, try again.");
      }
    }
    Route.Endpoint endpoint = route.methods().get(request.method());
    if (endpoint == null) {
      throw ApiFailure.of(FailureCode.METHOD_NOT_ALLOWED, "Allowed here: " + allowed(route) + ".");
    }
    Optional<HttpAnswer> elsewhere = elsewhere(request, match.get());
    return elsewhere.isPresent()
        ? elsewhere.get()
        : endpoint.answer(new Route.Call(request, match.get().parameters()));
  }

  /** What another replica answers to a request for a kernel that it has. */
  private Optional<HttpAnswer> elsewhere(HttpRequest request, Router.Match match)
      throws ApiFailure {
    if (forwarding.isEmpty()) {
      return Optional.empty();
    }
    String kernel = match.parameters().get("kernel_id");
    if (kernel != null) {
      return forwarding.get().forward(request, kernel);
    }
    boolean starts =
        match.route().template().equals(KernelRoutes.ALL) && request.method().equals("POST");
    return starts ? forwarding.get().startElsewhere(request) : Optional.empty();
  }

  /** Upstream's clients know 404 for a page of a wrong origin and 403 for its websocket. */
  private void checkOrigin(HttpRequest request) throws ApiFailure {
    if (cors.allows(request)) {
      return;
    }
    if (request.headers().lists("Upgrade", "websocket")) {
      throw ApiFailure.of(FailureCode.ORIGIN_REFUSED, "Cross origin websockets not allowed");
    }
    throw ApiFailure.of(FailureCode.ORIGIN_UNKNOWN, "Not found for this origin");
  }

  private HttpResponse refusal(ApiFailure failure, Optional<Router.Match> match) {
    HttpResponse response = HttpResponse.json(failure.status(), ErrorBody.of(failure));
    if (!failure.reason().equals(StatusPhrase.of(failure.status()))) {
      response = response.withReason(failure.reason());
    }
    return switch (failure.code()) {
      case METHOD_NOT_ALLOWED ->
          response.with("Allow", match.map(found -> allowed(found.route())).orElse(""));
      case UPGRADE_REQUIRED ->
          response.withAll(
              List.of(
                  new Header("Upgrade", "websocket"), new Header("Sec-WebSocket-Version", "13")));
      case REQUEST_TIMEOUT -> response.with("Connection", "close");
      case KERNEL_MOVING, STOPPING -> response.with("Retry-After", "1");
      case TOO_MANY_WRONG_TOKENS ->
          response.with("Retry-After", String.valueOf(TokenAuth.RETRY_AFTER.toSeconds()));
      // A name for the challenge is demanded by RFC 9110 section 15.5.2.
      case UNAUTHORIZED -> response.with("WWW-Authenticate", "token");
      default -> response;
    };
  }

  private HttpAnswer withCors(HttpAnswer answer) {
    return switch (answer) {
      case HttpResponse response -> response.withAll(cors.headers());
      case ProtocolSwitch upgrade -> {
        List<Header> headers = new ArrayList<>(upgrade.headers());
        headers.addAll(cors.headers());
        yield new ProtocolSwitch(headers, upgrade.stallTimeout(), upgrade.protocol());
      }
    };
  }

  private static int status(HttpAnswer answer) {
    return switch (answer) {
      case HttpResponse response -> response.status();
      case ProtocolSwitch upgrade -> 101;
    };
  }

  private static String template(Optional<Router.Match> match) {
    return match.map(found -> found.route().template()).orElse("other");
  }

  private static String allowed(Route route) {
    TreeSet<String> methods = new TreeSet<>(route.methods().keySet());
    methods.add("OPTIONS");
    return String.join(", ", methods);
  }
}
