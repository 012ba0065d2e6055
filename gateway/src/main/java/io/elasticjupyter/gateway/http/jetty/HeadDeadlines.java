// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http.jetty;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;

/**
 * Ends connections whose next request's head does not arrive in time, however steadily it drips: a
 * new connection has the request timeout, one that has been answered has the idle timeout.
 */
final class HeadDeadlines implements Connection.Listener, AutoCloseable {

  private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);

  private final long requestNanos;
  private final long idleNanos;
  private final Map<EndPoint, Long> deadlines = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer;
  private final ScheduledFuture<?> checks;

  HeadDeadlines(Duration requestTimeout, Duration idleTimeout) {
    this.requestNanos = requestTimeout.toNanos();
    this.idleNanos = idleTimeout.toNanos();
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("http-deadlines").factory());
    long interval = Math.min(CHECK_INTERVAL.toNanos(), Math.max(1_000_000, requestNanos / 4));
    this.checks =
        timer.scheduleWithFixedDelay(this::closeOverdue, interval, interval, TimeUnit.NANOSECONDS);
  }

  @Override
  public void onOpened(Connection connection) {
    // Below a TLS connection there is the HTTP one, which is told of separately.
    if (connection instanceof ConnectionMetaData) {
      expect(connection.getEndPoint(), requestNanos);
    }
  }

  @Override
  public void onClosed(Connection connection) {
    deadlines.remove(connection.getEndPoint());
  }

  /** The head has arrived. */
  void arrived(EndPoint endPoint) {
    deadlines.remove(endPoint);
  }

  /** The response is out and the connection may carry another request. */
  void answered(EndPoint endPoint) {
    expect(endPoint, idleNanos);
    if (!endPoint.isOpen()) {
      deadlines.remove(endPoint);
    }
  }

  private void expect(EndPoint endPoint, long nanos) {
    deadlines.put(endPoint, System.nanoTime() + nanos);
  }

  private void closeOverdue() {
    long now = System.nanoTime();
    deadlines.forEach((endPoint, deadline) -> {
      if (now - deadline > 0 && deadlines.remove(endPoint, deadline)) {
        endPoint.close();
      }
    });
  }

  @Override
  public void close() {
    checks.cancel(false);
    timer.shutdown();
  }
}
