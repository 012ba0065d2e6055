// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.link;

import io.elasticjupyter.wire.connection.ConnectionInfo;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.Envelope;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.Signer;
import io.elasticjupyter.wire.zmtp.SocketType;
import io.elasticjupyter.wire.zmtp.ZmtpOptions;
import io.elasticjupyter.wire.zmtp.ZmtpSocket;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An open connection to a kernel. One set of sockets serves all clients of the kernel: replies are
 * told apart by their parent header, not by ZeroMQ identity, so that an identity that stays the
 * same over a restart of the gateway still gets the reply to what was asked before.
 *
 * <p>Any thread may send. What comes is handed to the receiver by one thread per channel, as fast
 * as the kernel sends: a PUB socket drops for a slow subscriber.
 */
public final class KernelLink implements Closeable {

  private static final System.Logger LOG = System.getLogger(KernelLink.class.getName());
  private static final byte[] EVERYTHING = {};

  private final Map<Channel, ZmtpSocket> sockets = new EnumMap<>(Channel.class);
  private final List<ZmtpSocket> listening = new CopyOnWriteArrayList<>();
  private final Signer signer;
  private final Receiver receiver;
  private final CountDownLatch reading = new CountDownLatch(Channel.values().length);
  private final AtomicBoolean over = new AtomicBoolean();
  private @Nullable FollowedOutput followed;

  /** Takes what a kernel sends. Called by one thread per channel, several at a time. */
  public interface Receiver {

    /**
     * A message with a right signature.
     *
     * @param more whether the next one is on its way in already, so that whoever is to be woken can
     *     be woken once for both; at the latest the message after 64 others says no
     */
    void received(JupyterMessage message, boolean more);

    /** A message that was dropped, and the stable code of the reason. Also an end of what came. */
    void dropped(Channel channel, String code);

    /** A message that exceeded the limit was dropped; the connection goes on. */
    void tooLarge(Channel channel);

    /** The connection ended, other than by {@link KernelLink#close}. Called once. */
    void lost(IOException cause);
  }

  private KernelLink(Signer signer, Receiver receiver) {
    this.signer = signer;
    this.receiver = receiver;
  }

  /**
   * Connects all channels and begins to read.
   *
   * @param identity the ZeroMQ identity, the same on every channel, so that the kernel finds the
   *     stdin of whoever asked on shell
   * @throws IOException if a channel does not answer as ZeroMQ; nothing stays open
   */
  public static KernelLink open(
      ConnectionInfo connection, byte[] identity, ZmtpOptions options, Receiver receiver)
      throws IOException, MessageException {
    KernelLink link = new KernelLink(connection.signer(), receiver);
    try {
      for (Channel channel : Channel.values()) {
        SocketType type = channel == Channel.IOPUB ? SocketType.SUB : SocketType.DEALER;
        ZmtpSocket socket =
            ZmtpSocket.connect(connection.addressOf(channel), type, identity, options);
        link.sockets.put(channel, socket);
        if (type == SocketType.SUB) {
          socket.subscribe(EVERYTHING);
        }
      }
    } catch (IOException | RuntimeException e) {
      link.close();
      throw e;
    }
    link.sockets.forEach(link::startReading);
    return link;
  }

  /**
   * Connects the other channels beside an output that was followed already, of which nothing is
   * missed: what was kept of it comes first.
   *
   * @param followed closed with the link; where this fails it goes on as it is
   */
  public static KernelLink open(
      ConnectionInfo connection,
      byte[] identity,
      ZmtpOptions options,
      Receiver receiver,
      FollowedOutput followed)
      throws IOException, MessageException {
    KernelLink link = new KernelLink(connection.signer(), receiver);
    try {
      for (Channel channel : Channel.values()) {
        if (channel != Channel.IOPUB) {
          link.sockets.put(
              channel,
              ZmtpSocket.connect(
                  connection.addressOf(channel), SocketType.DEALER, identity, options));
        }
      }
    } catch (IOException | RuntimeException e) {
      link.close();
      throw e;
    }
    link.followed = followed;
    link.sockets.forEach(link::startReading);
    followed.into(receiver, link::ended);
    return link;
  }

  private void startReading(Channel channel, ZmtpSocket socket) {
    ChannelReader reader = new ChannelReader(channel, socket, signer);
    Thread.ofVirtual()
        .name("kernel-" + channel.wireName())
        .start(() -> reader.run(receiver, this::ended));
  }

  private void ended(IOException cause) {
    reading.countDown();
    if (over.compareAndSet(false, true)) {
      receiver.lost(cause);
    }
  }

  /**
   * Takes replies that the kernel addresses to an earlier connection of the gateway. Nothing is
   * sent under that identity: a kernel whose ROUTER does not hand an identity over
   * (ROUTER_HANDOVER) would never read it.
   */
  public void listenAs(byte[] earlierIdentity, ConnectionInfo connection, ZmtpOptions options)
      throws IOException {
    for (Channel channel : Channel.values()) {
      if (channel != Channel.IOPUB) {
        ZmtpSocket socket =
            ZmtpSocket.connect(
                connection.addressOf(channel), SocketType.DEALER, earlierIdentity, options);
        listening.add(socket);
        Thread.ofVirtual()
            .name("kernel-earlier-" + channel.wireName())
            .start(() -> listen(channel, socket));
      }
    }
  }

  private void listen(Channel channel, ZmtpSocket socket) {
    try {
      while (true) {
        try {
          receiver.received(Envelope.open(channel, socket.receive(), signer), false);
        } catch (MessageException e) {
          receiver.dropped(channel, e.code());
        }
      }
    } catch (IOException ended) {
      LOG.log(Level.DEBUG, "event=listening-ended reason={0}", ended.toString());
    }
  }

  /** Ends what {@link #listenAs} began. */
  public void stopListening() {
    listening.forEach(KernelLink::close);
    listening.clear();
  }

  /** Sends on the message's channel; blocks while the kernel does not take it. */
  public void send(JupyterMessage message) throws IOException {
    ZmtpSocket socket = sockets.get(message.channel());
    if (socket == null || message.channel() == Channel.IOPUB) {
      throw new IllegalArgumentException("nothing is sent on " + message.channel());
    }
    socket.send(Envelope.seal(message, signer));
  }

  /**
   * Waits until everything that a kernel that ended had sent was read.
   *
   * @return false where the time was over first
   */
  public boolean awaitDrained(Duration timeout) throws InterruptedException {
    return reading.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether it was lost or closed. */
  public boolean isOver() {
    return over.get();
  }

  /** Closes all channels; the receiver is not told. */
  @Override
  public void close() {
    over.set(true);
    sockets.values().forEach(KernelLink::close);
    if (followed != null) {
      followed.close();
    }
    stopListening();
  }

  static void close(ZmtpSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "event=channel-close-failed reason={0}", e.toString());
    }
  }
}
