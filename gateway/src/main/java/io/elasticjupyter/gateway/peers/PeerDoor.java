// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.peers;

import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.ErrorBody;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpAnswer;
import io.elasticjupyter.gateway.http.HttpHandler;
import io.elasticjupyter.gateway.http.HttpRequest;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.gateway.http.Router;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * The door for other replicas: their secret, then the endpoint, of a kernel that is here. Nothing
 * is sent on from here, so that no request goes in a circle while two replicas disagree.
 */
final class PeerDoor implements HttpHandler {

  private static final System.Logger LOG = System.getLogger(PeerDoor.class.getName());

  private final Router own;
  private final Router clients;
  private final PeerSecret secret;

  /**
   * @param own what replicas ask of each other
   * @param clients what they send on for clients
   */
  PeerDoor(Router own, Router clients, PeerSecret secret) {
    this.own = own;
    this.clients = clients;
    this.secret = secret;
  }

  @Override
  public HttpAnswer answer(HttpRequest request) {
    try {
      secret.check(request);
      Router.Match match =
          own.find(request.path())
              .or(() -> clients.find(request.path()))
              .orElseThrow(() -> ApiFailure.of(FailureCode.NOT_FOUND, ""));
      Optional<Route.Endpoint> endpoint =
          Optional.ofNullable(match.route().methods().get(request.method()));
      return endpoint
          .orElseThrow(() -> ApiFailure.of(FailureCode.METHOD_NOT_ALLOWED, ""))
          .answer(new Route.Call(request, match.parameters()));
    } catch (ApiFailure failure) {
      return HttpResponse.json(failure.status(), ErrorBody.of(failure));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "event=peer-request-failed method=" + request.method(), e);
      return HttpResponse.json(
          500, ErrorBody.of(ApiFailure.of(FailureCode.INTERNAL, "Unknown server error")));
    }
  }
}
