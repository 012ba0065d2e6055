// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.channels;

import io.elasticjupyter.gateway.config.ChannelsConfig;
import io.elasticjupyter.gateway.metrics.GatewayMetrics;
import io.elasticjupyter.gateway.websocket.CloseCode;
import io.elasticjupyter.gateway.websocket.FrameReader;
import io.elasticjupyter.gateway.websocket.FrameWriter;
import io.elasticjupyter.gateway.websocket.Received;
import io.elasticjupyter.gateway.websocket.WebSocketFailure;
import io.elasticjupyter.kernels.Attachment;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.MessageHeader;
import io.elasticjupyter.wire.websocket.Framing;
import io.elasticjupyter.wire.websocket.FramingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Reads what a client sends and hands it to the kernel, one message after the other: while the
 * kernel does not take, nothing more is read, and the client's own connection fills.
 */
final class InboundLoop {

  private static final System.Logger LOG = System.getLogger(InboundLoop.class.getName());
  private static final Duration WITHOUT_PINGS = Duration.ofHours(1);

  private final Framing framing;
  private final FrameReader reader;
  private final FrameWriter writer;
  private final Attachment attachment;
  private final Acknowledgments acknowledgments;
  private final ChannelsConfig config;
  private final GatewayMetrics metrics;
  private long lastHeard = System.nanoTime();

  InboundLoop(
      Framing framing,
      FrameReader reader,
      FrameWriter writer,
      Attachment attachment,
      Acknowledgments acknowledgments,
      ChannelsConfig config,
      GatewayMetrics metrics) {
    this.framing = framing;
    this.reader = reader;
    this.writer = writer;
    this.attachment = attachment;
    this.acknowledgments = acknowledgments;
    this.config = config;
    this.metrics = metrics;
  }

  /** Runs until the client closes, breaks the protocol or is gone. */
  void run() throws InterruptedException {
    Duration patience = config.pingInterval().isZero() ? WITHOUT_PINGS : config.pingInterval();
    try {
      boolean open = true;
      while (open) {
        Received received = reader.next(patience);
        if (!(received instanceof Received.Quiet)) {
          lastHeard = System.nanoTime();
        }
        open = handle(received);
      }
    } catch (WebSocketFailure failure) {
      LOG.log(
          System.Logger.Level.INFO,
          () ->
              "websocket=refused close=%d reason=\"%s\""
                  .formatted(failure.code().number(), failure.reason()));
      writer.close(failure.code(), failure.reason());
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.DEBUG, () -> "websocket=lost cause=\"%s\"".formatted(e.getMessage()));
    }
  }

  private boolean handle(Received received)
      throws IOException, WebSocketFailure, InterruptedException {
    switch (received) {
      case Received.Text(byte[] utf8) -> submit(() -> framing.decodeText(utf8));
      case Received.Binary(byte[] bytes) ->
          submit(() -> framing.decodeBinary(ByteBuffer.wrap(bytes)));
      case Received.Ping(byte[] payload) -> writer.pong(payload);
      case Received.Pong(byte[] payload) -> acknowledgments.answered(payload);
      case Received.Quiet _ -> {
        if (isDead()) {
          throw new IOException("no sign of life within three ping intervals");
        }
      }
      case Received.Close _ -> {
        writer.close(CloseCode.NORMAL, "");
        return false;
      }
      case Received.Lost _ -> {
        return false;
      }
    }
    return true;
  }

  private boolean isDead() {
    if (config.pingInterval().isZero()) {
      return false;
    }
    long silence = System.nanoTime() - Math.max(lastHeard, writer.slowWriteEndedAt());
    return silence >= config.pingInterval().toNanos() * ChannelsEndpoint.INTERVALS_UNTIL_DEAD;
  }

  @FunctionalInterface
  private interface Decoding {
    JupyterMessage decode() throws FramingException;
  }

  private void submit(Decoding decoding) throws WebSocketFailure, InterruptedException {
    JupyterMessage message;
    try {
      message = decoding.decode();
    } catch (FramingException.UnknownChannel _) {
      // As the peers do: a client may know channels that we have not got.
      metrics.dropped(GatewayMetrics.Drop.UNKNOWN_CHANNEL);
      return;
    } catch (FramingException e) {
      metrics.dropped(GatewayMetrics.Drop.MALFORMED);
      throw new WebSocketFailure(closeCode(e), e.code() + ": " + e.getMessage());
    }
    if (!config.allowedMessageTypes().isEmpty() && !isAllowed(message)) {
      metrics.dropped(GatewayMetrics.Drop.TYPE_NOT_ALLOWED);
      return;
    }
    attachment.submit(message);
    metrics.sentToKernel(message.channel(), 1, message.size());
  }

  private boolean isAllowed(JupyterMessage message) {
    try {
      return config.allowedMessageTypes().contains(MessageHeader.parse(message.header()).msgType());
    } catch (MessageException _) {
      return false;
    }
  }

  private static CloseCode closeCode(FramingException e) {
    return e instanceof FramingException.UnexpectedText
        ? CloseCode.UNSUPPORTED_DATA
        : CloseCode.INVALID_DATA;
  }
}
