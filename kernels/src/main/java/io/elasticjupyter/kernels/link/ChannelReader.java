// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.link;

import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.Envelope;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.Signer;
import io.elasticjupyter.wire.zmtp.ZmtpException;
import io.elasticjupyter.wire.zmtp.ZmtpSocket;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** Reads one channel of a kernel, as fast as the kernel sends, until it ends. For one thread. */
final class ChannelReader {

  private static final System.Logger LOG = System.getLogger(ChannelReader.class.getName());

  /** Messages that may wait for the one behind them. */
  private static final int MOST_AT_ONCE = 64;

  private final Channel channel;
  private final ZmtpSocket socket;
  private final Signer signer;

  ChannelReader(Channel channel, ZmtpSocket socket, Signer signer) {
    this.channel = channel;
    this.socket = socket;
    this.signer = signer;
  }

  /**
   * Hands in what comes.
   *
   * @param onEnd told once, when nothing comes any more
   */
  void run(KernelLink.Receiver receiver, Consumer<IOException> onEnd) {
    try {
      int together = 0;
      while (true) {
        try {
          JupyterMessage message = Envelope.open(channel, socket.receive(), signer);
          together = together < MOST_AT_ONCE && socket.hasBuffered() ? together + 1 : 0;
          receiver.received(message, together > 0);
        } catch (MessageException e) {
          receiver.dropped(channel, e.code());
        } catch (ZmtpException.TooLarge e) {
          if (!e.passed()) {
            throw e;
          }
          receiver.tooLarge(channel);
        }
      }
    } catch (IOException e) {
      onEnd.accept(e);
    } catch (RuntimeException e) {
      // A defect of ours: the channel would fall silent for good.
      LOG.log(Level.ERROR, "event=channel-reader-failed channel=" + channel.wireName(), e);
      onEnd.accept(new IOException("reading " + channel.wireName() + " failed", e));
    }
  }
}
