// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http.jetty;

import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.RequestBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** A body within its bounds of size and time. */
final class JettyBody implements RequestBody {

  private final Request request;
  private final int maxBytes;
  private final Duration timeout;

  JettyBody(Request request, int maxBytes, Duration timeout) {
    this.request = request;
    this.maxBytes = maxBytes;
    this.timeout = timeout;
  }

  @Override
  public byte[] read() throws ApiFailure {
    String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
    if (encoding != null && !"identity".equalsIgnoreCase(encoding.strip())) {
      throw ApiFailure.of(
          FailureCode.ENCODING_UNSUPPORTED, "Send the body as it is, without a Content-Encoding.");
    }
    if (request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > maxBytes) {
      throw tooLarge();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        await(deadline);
        continue;
      }
      if (Content.Chunk.isFailure(chunk)) {
        throw ApiFailure.of(FailureCode.MALFORMED_BODY, "The body broke off.");
      }
      append(chunk.getByteBuffer(), body);
      boolean last = chunk.isLast();
      chunk.release();
      if (last) {
        return body.toByteArray();
      }
    }
  }

  private void await(long deadline) throws ApiFailure {
    Semaphore arrived = new Semaphore(0);
    request.demand(arrived::release);
    try {
      if (!arrived.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw ApiFailure.of(FailureCode.REQUEST_TIMEOUT, "The body did not arrive in time.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiFailure.of(FailureCode.STOPPING, "The gateway goes down.");
    }
  }

  private void append(ByteBuffer bytes, ByteArrayOutputStream body) throws ApiFailure {
    if (body.size() + bytes.remaining() > maxBytes) {
      throw tooLarge();
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    body.writeBytes(copy);
  }

  private ApiFailure tooLarge() {
    return ApiFailure.of(
        FailureCode.BODY_TOO_LARGE, "The body is larger than " + maxBytes + " bytes.");
  }
}
