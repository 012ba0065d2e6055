// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http.jetty;

import io.elasticjupyter.gateway.config.HttpLimitsConfig;
import io.elasticjupyter.gateway.http.Header;
import io.elasticjupyter.gateway.http.Headers;
import io.elasticjupyter.gateway.http.HttpAnswer;
import io.elasticjupyter.gateway.http.HttpHandler;
import io.elasticjupyter.gateway.http.HttpRequest;
import io.elasticjupyter.gateway.http.HttpResponse;
import io.elasticjupyter.gateway.http.ProtocolSwitch;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** Turns Jetty's requests into the port's, and the port's answers into Jetty's. */
final class JettyHandler extends Handler.Abstract {

  private final HttpHandler handler;
  private final HttpLimitsConfig limits;
  private final HeadDeadlines deadlines;

  JettyHandler(HttpHandler handler, HttpLimitsConfig limits, HeadDeadlines deadlines) {
    this.handler = handler;
    this.limits = limits;
    this.deadlines = deadlines;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    deadlines.arrived(endPoint);
    HttpAnswer answer = handler.answer(portRequest(request));
    switch (answer) {
      case HttpResponse ordinary -> {
        Request.addCompletionListener(request, failure -> deadlines.answered(endPoint));
        write(request, response, ordinary, callback);
      }
      case ProtocolSwitch upgrade -> {
        ProtocolConnection connection =
            new ProtocolConnection(
                endPoint,
                request.getComponents().getExecutor(),
                upgrade.stallTimeout(),
                upgrade.protocol());
        response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
        upgrade.headers().forEach(field -> response.getHeaders().add(field.name(), field.value()));
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, connection);
        response.write(true, ByteBuffer.allocate(0), callback);
      }
    }
    return true;
  }

  private HttpRequest portRequest(Request request) {
    List<Header> headers = new ArrayList<>();
    for (HttpField field : request.getHeaders()) {
      headers.add(new Header(field.getName(), Optional.ofNullable(field.getValue()).orElse("")));
    }
    return new HttpRequest(
        request.getMethod(),
        Optional.ofNullable(request.getHttpURI().getCanonicalPath()).orElse("/"),
        query(request),
        new Headers(headers),
        new JettyBody(request, limits.maxBodyBytes(), limits.requestTimeout()),
        request.isSecure(),
        certificates(request),
        Request.getRemoteAddr(request));
  }

  private static Map<String, List<String>> query(Request request) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    Fields fields;
    try {
      fields = Request.extractQueryParameters(request);
    } catch (IllegalArgumentException e) {
      throw new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400, "Unreadable query", e);
    }
    for (Fields.Field field : fields) {
      query.put(field.getName(), List.copyOf(field.getValues()));
    }
    return query;
  }

  private static List<X509Certificate> certificates(Request request) {
    if (request.getConnectionMetaData().getConnection().getEndPoint()
            instanceof SslConnection.SslEndPoint ssl
        && ssl.getSslSessionData() != null
        && ssl.getSslSessionData().peerCertificates() != null) {
      return List.of(ssl.getSslSessionData().peerCertificates());
    }
    return List.of();
  }

  private static void write(
      Request request, Response response, HttpResponse ordinary, Callback callback) {
    response.setStatus(ordinary.status());
    ordinary.headers().forEach(field -> response.getHeaders().add(field.name(), field.value()));
    if (ordinary.status() != HttpStatus.NO_CONTENT_204) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, ordinary.body().length);
    }
    ordinary
        .reason()
        .ifPresent(
            phrase -> request.addHttpStreamWrapper(stream -> new ReasonStream(stream, phrase)));
    boolean head = "HEAD".equals(request.getMethod());
    response.write(
        true, head ? ByteBuffer.allocate(0) : ByteBuffer.wrap(ordinary.body()), callback);
  }

  /** Puts a phrase of our own into the status line, for which Jetty's responses have no setter. */
  private static final class ReasonStream extends HttpStream.Wrapper {
    private final String phrase;

    ReasonStream(HttpStream stream, String phrase) {
      super(stream);
      this.phrase = phrase;
    }

    @Override
    public void send(
        MetaData.Request request,
        MetaData.Response response,
        boolean last,
        ByteBuffer content,
        Callback callback) {
      MetaData.Response worded =
          response == null
              ? null
              : new MetaData.Response(
                  response.getStatus(),
                  phrase,
                  response.getHttpVersion(),
                  response.getHttpFields(),
                  response.getContentLength(),
                  response.getTrailersSupplier());
      super.send(request, worded, last, content, callback);
    }
  }
}
