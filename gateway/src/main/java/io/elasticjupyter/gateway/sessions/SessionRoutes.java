// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.sessions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.gateway.http.Route;
import io.elasticjupyter.gateway.kernelapi.KernelJson;
import java.util.List;
import java.util.Map;

/** {@code /api/sessions}. */
public final class SessionRoutes {

  private final Sessions sessions;
  private final boolean listing;
  private final String basePath;

  /**
   * Serves these sessions.
   *
   * @param listing whether the list of all sessions answers
   * @param basePath what Location begins with
   */
  public SessionRoutes(Sessions sessions, boolean listing, String basePath) {
    this.sessions = sessions;
    this.listing = listing;
    this.basePath = basePath;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("/api/sessions", Map.of("GET", this::list, "POST", this::create)),
        Route.of(
            "/api/sessions/{session_id}",
            Map.of("GET", this::one, "PATCH", this::update, "DELETE", this::delete)));
  }

  private HttpResponse list(Route.Call call) throws ApiFailure {
    if (!listing) {
      throw ApiFailure.of(FailureCode.LISTING_DISABLED, "Forbidden");
    }
    ArrayNode models = JsonNodeFactory.instance.arrayNode();
    sessions.all().forEach(open -> models.add(model(open)));
    return Json.response(200, models);
  }

  private HttpResponse create(Route.Call call) throws ApiFailure {
    SessionRequest request = SessionRequest.ofNew(Json.objectOf(call.request().body().read()));
    Sessions.Open open;
    try {
      open = sessions.create(request);
    } catch (ApiFailure failure) {
      if (failure.code() == FailureCode.KERNELSPEC_UNKNOWN) {
        return unknownKernelSpec(failure, request);
      }
      throw failure;
    }
    return Json.response(201, model(open))
        .with("Location", basePath + "/api/sessions/" + open.session().id());
  }

  /** Clients of sessions read another error body here than anywhere else. */
  private static HttpResponse unknownKernelSpec(ApiFailure failure, SessionRequest request) {
    FailureCode code = FailureCode.SESSION_KERNELSPEC_UNKNOWN;
    String name = request.kernelName().orElse("the default");
    ObjectNode body = Json.object();
    body.put(
        "message",
        "The '%s' kernel is not available. Please pick another suitable kernel instead, or install that kernel."
            .formatted(name));
    body.put("short_message", name + " not found");
    body.put("reason", failure.message());
    body.put("code", code.wireName());
    return Json.response(code.status(), body);
  }

  private HttpResponse one(Route.Call call) throws ApiFailure {
    String id = call.parameter("session_id");
    return Json.response(200, model(sessions.find(id).orElseThrow(() -> unknown(id))));
  }

  private HttpResponse update(Route.Call call) throws ApiFailure {
    String id = call.parameter("session_id");
    SessionRequest request = SessionRequest.of(Json.objectOf(call.request().body().read()));
    return Json.response(200, model(sessions.update(id, request).orElseThrow(() -> unknown(id))));
  }

  private HttpResponse delete(Route.Call call) throws ApiFailure {
    sessions.delete(call.parameter("session_id"));
    return HttpResponse.empty(204);
  }

  private static ApiFailure unknown(String id) {
    return ApiFailure.of(FailureCode.NOT_FOUND, "Session not found: session_id=" + id);
  }

  private static ObjectNode model(Sessions.Open open) {
    Session session = open.session();
    ObjectNode model = Json.object();
    model.put("id", session.id());
    model.put("path", session.path());
    model.put("name", session.name());
    model.put("type", session.type());
    model.set("kernel", KernelJson.model(open.kernel().model()));
    model.putObject("notebook").put("path", session.path()).put("name", session.name());
    return model;
  }
}
