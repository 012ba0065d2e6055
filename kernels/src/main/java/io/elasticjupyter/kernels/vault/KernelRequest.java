// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.elasticjupyter.kernels.hibernation.SnapshotFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** A request of a kernel, by a token that is good, for an object that can be one. */
final class KernelRequest {

  private static final int NO_BODY = -1;

  private final HttpExchange exchange;
  private final String name;

  KernelRequest(HttpExchange exchange, String name) {
    this.exchange = exchange;
    this.name = name;
  }

  /** The object: as {@link SnapshotFolder#isName} has them. */
  String name() {
    return name;
  }

  String method() {
    return exchange.getRequestMethod();
  }

  /** The first of that name. */
  Optional<String> header(String header) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(header));
  }

  InputStream body() {
    return exchange.getRequestBody();
  }

  /** The announced length; negative where none is, as with chunks. */
  long length() {
    String given = exchange.getRequestHeaders().getFirst("Content-Length");
    try {
      return given == null ? -1 : Long.parseLong(given);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** It is done, and there is nothing to say. */
  void done() throws IOException {
    exchange.sendResponseHeaders(204, NO_BODY);
  }

  /** Tells how long a body would be. */
  void tellLength(long size) throws IOException {
    exchange.getResponseHeaders().set("Content-Length", String.valueOf(size));
    exchange.sendResponseHeaders(200, NO_BODY);
  }

  /** Begins a body of that length. */
  OutputStream begin(long size) throws IOException {
    exchange.sendResponseHeaders(200, size == 0 ? NO_BODY : size);
    return exchange.getResponseBody();
  }

  /** Answers a document of JSON. */
  void tell(byte[] json) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, json.length);
    exchange.getResponseBody().write(json);
  }

  /** One sentence of plain text. */
  void refuse(int status, String sentence) throws IOException {
    byte[] text = sentence.getBytes(UTF_8);
    boolean head = method().equals("HEAD");
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, head ? NO_BODY : text.length);
    if (!head) {
      exchange.getResponseBody().write(text);
      // Before the exchange is closed, which waits for a body that may still be on its way.
      exchange.getResponseBody().flush();
    }
  }
}
