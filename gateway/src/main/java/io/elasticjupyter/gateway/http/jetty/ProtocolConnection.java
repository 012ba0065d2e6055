// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http.jetty;

import io.elasticjupyter.gateway.http.ByteStream;
import io.elasticjupyter.gateway.http.ProtocolSwitch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A connection after its upgrade: blocking reads and writes straight on Jetty's endpoint, TLS
 * included. While nobody sends it holds no buffer.
 */
final class ProtocolConnection extends AbstractConnection
    implements Connection.UpgradeTo, ByteStream {

  private static final System.Logger LOG = System.getLogger(ProtocolConnection.class.getName());

  private final Duration stallTimeout;
  private final ProtocolSwitch.Protocol protocol;
  private final Semaphore readable = new Semaphore(0);
  private ByteBuffer early = BufferUtil.EMPTY_BUFFER;
  private boolean interested;
  private volatile @Nullable Throwable failure;

  ProtocolConnection(
      EndPoint endPoint,
      Executor executor,
      Duration stallTimeout,
      ProtocolSwitch.Protocol protocol) {
    super(endPoint, executor);
    this.stallTimeout = stallTimeout;
    this.protocol = protocol;
  }

  @Override
  public void onUpgradeTo(ByteBuffer buffer) {
    if (buffer != null && buffer.hasRemaining()) {
      early = BufferUtil.copy(buffer);
    }
  }

  @Override
  public void onOpen() {
    super.onOpen();
    // Jetty starts this again with every byte read or written.
    getEndPoint().setIdleTimeout(stallTimeout.toMillis());
    Thread.ofVirtual()
        .name("websocket-reader-" + getEndPoint().getRemoteSocketAddress())
        .start(this::run);
  }

  private void run() {
    try {
      protocol.run(this);
    } catch (InterruptedException e) {
      LOG.log(System.Logger.Level.DEBUG, "protocol interrupted");
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "protocol failed", e);
    } finally {
      close();
    }
  }

  /** Never called: reads register callbacks of their own. */
  @Override
  public void onFillable() {
    throw new IllegalStateException("reads are blocking");
  }

  @Override
  public int read(ByteBuffer into, Duration timeout) throws IOException {
    if (early.hasRemaining()) {
      return take(early, into);
    }
    early = BufferUtil.EMPTY_BUFFER;
    while (true) {
      if (!interested) {
        int filled = fill(into);
        if (filled != 0) {
          return filled;
        }
        getEndPoint().fillInterested(Callback.from(readable::release, this::failed));
        interested = true;
      }
      try {
        if (!readable.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
          return 0;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      interested = false;
      if (failure != null) {
        throw new IOException("connection failed", failure);
      }
    }
  }

  private void failed(Throwable cause) {
    failure = cause;
    readable.release();
  }

  /** Jetty fills behind a buffer's limit, so the free space is handed over as an empty slice. */
  private int fill(ByteBuffer into) throws IOException {
    ByteBuffer free = into.slice();
    free.limit(0);
    int filled = getEndPoint().fill(free);
    if (filled > 0) {
      into.position(into.position() + filled);
    }
    return filled;
  }

  private static int take(ByteBuffer from, ByteBuffer into) {
    int count = Math.min(from.remaining(), into.remaining());
    into.put(from.slice(from.position(), count));
    from.position(from.position() + count);
    return count;
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    try (Blocker.Callback written = Blocker.callback()) {
      getEndPoint().write(written, from);
      written.block();
    }
  }
}
