// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.channels;

import io.elasticjupyter.gateway.config.ChannelsConfig;
import io.elasticjupyter.gateway.http.ByteStream;
import io.elasticjupyter.gateway.metrics.GatewayMetrics;
import io.elasticjupyter.gateway.websocket.CloseCode;
import io.elasticjupyter.gateway.websocket.FrameReader;
import io.elasticjupyter.gateway.websocket.FrameWriter;
import io.elasticjupyter.gateway.websocket.InboundBudget;
import io.elasticjupyter.gateway.websocket.WriteBuffers;
import io.elasticjupyter.kernels.Attachment;
import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.wire.websocket.Framing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One websocket at one kernel: its two loops, and its end. */
final class KernelSocket {

  private static final System.Logger LOG = System.getLogger(KernelSocket.class.getName());

  /** How long a client has to answer a close before its connection is cut. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  private final Kernel kernel;
  private final Optional<String> session;
  private final Optional<String> via;
  private final Framing framing;
  private final ByteStream stream;
  private final ChannelsConfig config;
  private final GatewayMetrics metrics;
  private final FrameWriter writer;
  private final FrameReader reader;
  private final CountDownLatch readerDone = new CountDownLatch(1);

  /**
   * @param via the replica that the client came to, where that is another
   */
  KernelSocket(
      Kernel kernel,
      Optional<String> session,
      Optional<String> via,
      Framing framing,
      ByteStream stream,
      ChannelsConfig config,
      GatewayMetrics metrics,
      WriteBuffers buffers,
      InboundBudget budget) {
    this.kernel = kernel;
    this.session = session;
    this.via = via;
    this.framing = framing;
    this.stream = stream;
    this.config = config;
    this.metrics = metrics;
    this.writer = new FrameWriter(stream, buffers);
    this.reader = new FrameReader(stream, config.maxMessageBytes(), budget);
  }

  /** Runs until the websocket ends; the calling thread is the reading loop. */
  void run(OpenSockets open) throws InterruptedException {
    metrics.connectionOpened();
    open.add(this);
    log("connected");
    try (Attachment attachment = kernel.attach(session)) {
      Acknowledgments acknowledgments = new Acknowledgments(attachment);
      Thread sender =
          Thread.ofVirtual()
              .name("websocket-writer-" + kernel.id())
              .start(() -> send(attachment, acknowledgments));
      try {
        new InboundLoop(framing, reader, writer, attachment, acknowledgments, config, metrics)
            .run();
        discardRest();
      } finally {
        readerDone.countDown();
        stream.close();
        sender.interrupt();
        sender.join();
        acknowledgments.settle();
      }
    } finally {
      reader.close();
      open.remove(this);
      metrics.connectionClosed();
      log("disconnected");
    }
  }

  private void send(Attachment attachment, Acknowledgments acknowledgments) {
    try {
      new OutboundLoop(framing, writer, attachment, acknowledgments, config, metrics).run();
      // The end was told to the client, whose own close ends the reading loop.
      boolean _ = readerDone.await(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.DEBUG,
          () -> "websocket=lost kernel=%s cause=\"%s\"".formatted(kernel.id(), e.getMessage()));
    } catch (InterruptedException _) {
      // The reading loop has ended, which ends this one.
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.ERROR, () -> "websocket=failed kernel=%s".formatted(kernel.id()), e);
      writer.close(CloseCode.INTERNAL_ERROR, "the gateway failed; its log says why");
    } finally {
      stream.close();
    }
  }

  /**
   * Takes what the client still sends behind its or our close: a connection that is cut with unread
   * bytes is reset, and the close frame may be lost with it.
   */
  private void discardRest() {
    ByteBuffer rest = ByteBuffer.allocate(1024);
    long deadline = System.nanoTime() + CLOSE_PATIENCE.toNanos();
    try {
      while (true) {
        long left = deadline - System.nanoTime();
        if (left <= 0 || stream.read(rest.clear(), Duration.ofNanos(left)) <= 0) {
          return;
        }
      }
    } catch (IOException _) {
      // The client cut the connection itself.
    }
  }

  /** Tells the client that the gateway goes down and that it should come back. */
  void stop() {
    writer.close(CloseCode.SERVICE_RESTART, "the gateway goes down, come back");
  }

  /** Whether the client came to that other replica, which sends its bytes on. */
  boolean isVia(String replica) {
    return via.filter(replica::equals).isPresent();
  }

  private void log(String what) {
    LOG.log(
        System.Logger.Level.INFO,
        () ->
            "websocket=%s kernel=%s session=%s"
                .formatted(what, kernel.id(), session.isPresent() ? "named" : "none"));
  }
}
