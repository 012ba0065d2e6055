// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.channels;

import io.elasticjupyter.gateway.config.ChannelsConfig;
import io.elasticjupyter.gateway.metrics.GatewayMetrics;
import io.elasticjupyter.gateway.websocket.CloseCode;
import io.elasticjupyter.gateway.websocket.FrameWriter;
import io.elasticjupyter.kernels.Attachment;
import io.elasticjupyter.kernels.Delivery;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.websocket.Framing;
import io.elasticjupyter.wire.websocket.LegacyFraming;
import io.elasticjupyter.wire.websocket.V1Framing;
import io.elasticjupyter.wire.websocket.WebSocketFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Takes a kernel's messages and writes them to the client. A blocking write is all the
 * back-pressure there is: what the client does not take stays in the kernel's log.
 *
 * <p>Directly behind a message goes a ping with its sequence, whose answer tells that the client
 * has read so far: behind every message while the client keeps up, behind every sixteenth and the
 * last of a batch while it lags. Not before it: a library answers a ping at once, and a connection
 * that breaks then takes with it what the client has not been handed yet.
 */
final class OutboundLoop {

  private static final System.Logger LOG = System.getLogger(OutboundLoop.class.getName());
  private static final int PING_EVERY = 16;
  private static final Duration WITHOUT_PINGS = Duration.ofHours(1);

  private final Framing framing;
  private final FrameWriter writer;
  private final Attachment attachment;
  private final Acknowledgments acknowledgments;
  private final ChannelsConfig config;
  private final Tally tally;
  private int sincePing;

  OutboundLoop(
      Framing framing,
      FrameWriter writer,
      Attachment attachment,
      Acknowledgments acknowledgments,
      ChannelsConfig config,
      GatewayMetrics metrics) {
    this.framing = framing;
    this.writer = writer;
    this.attachment = attachment;
    this.acknowledgments = acknowledgments;
    this.config = config;
    this.tally = new Tally(metrics);
  }

  /** Runs until the attachment ends and the client was told, or the connection breaks. */
  void run() throws IOException, InterruptedException {
    boolean pings = !config.pingInterval().isZero();
    Duration idle = pings ? config.pingInterval() : WITHOUT_PINGS;
    while (true) {
      switch (attachment.take(config.maxBatchBytes(), idle)) {
        case Delivery.Messages batch -> send(batch);
        case Delivery.Nothing _ -> {
          if (pings) {
            ping(acknowledgments.written());
            writer.flush();
          }
        }
        case Delivery.Ended(Delivery.EndReason reason) -> {
          close(reason);
          return;
        }
      }
    }
  }

  private void send(Delivery.Messages batch) throws IOException {
    List<Delivery.Numbered> messages = batch.messages();
    boolean lags = batch.more() || messages.size() > PING_EVERY;
    int last = messages.size() - 1;
    for (int i = 0; i <= last; i++) {
      Delivery.Numbered numbered = messages.get(i);
      put(numbered.message());
      if (!lags || i == last || ++sincePing >= PING_EVERY) {
        ping(numbered.sequence());
      }
    }
    // Before the flush: the client's answer may be read before the flush has returned.
    acknowledgments.written(messages.getLast().sequence());
    writer.flush();
    tally.report();
  }

  private void ping(long sequence) throws IOException {
    sincePing = 0;
    writer.ping(sequence);
    acknowledgments.pinged();
  }

  private void put(JupyterMessage message) throws IOException {
    switch (framing) {
      case V1Framing v1 -> writer.binary(pieces(v1, message));
      case LegacyFraming legacy -> {
        WebSocketFrame frame;
        try {
          frame = legacy.encode(message);
        } catch (ArithmeticException e) {
          // It can never be sent, so keeping it would only stop what is behind it.
          LOG.log(System.Logger.Level.WARNING, "message=dropped reason=too-large", e);
          tally.tooLarge();
          return;
        }
        switch (frame) {
          case WebSocketFrame.Text text -> writer.text(text.utf8());
          case WebSocketFrame.Binary binary -> writer.binary(binary.bytes());
        }
      }
    }
    tally.add(message);
  }

  private static byte[][] pieces(V1Framing framing, JupyterMessage message) {
    byte[][] pieces = new byte[1 + message.partCount()][];
    pieces[0] = framing.head(message);
    for (int i = 0; i < message.partCount(); i++) {
      pieces[i + 1] = message.part(i);
    }
    return pieces;
  }

  /** After 1000 JupyterLab does not come back, after 1012 it does. */
  private void close(Delivery.EndReason reason) {
    switch (reason) {
      case REPLACED ->
          writer.close(CloseCode.NORMAL, "replaced by a newer connection of the same session");
      case KERNEL_DELETED -> writer.close(CloseCode.NORMAL, "the kernel was deleted");
      case GATEWAY_STOPPING ->
          writer.close(CloseCode.SERVICE_RESTART, "the gateway goes down, come back");
      case DETACHED -> writer.close(CloseCode.NORMAL, "detached");
    }
  }
}
