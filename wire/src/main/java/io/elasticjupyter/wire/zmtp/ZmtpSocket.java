// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import io.elasticjupyter.wire.zmtp.ZmtpException.BadCommand;
import io.elasticjupyter.wire.zmtp.ZmtpException.Closed;
import io.elasticjupyter.wire.zmtp.ZmtpException.HandshakeTimeout;
import io.elasticjupyter.wire.zmtp.ZmtpException.IncompatibleSockets;
import io.elasticjupyter.wire.zmtp.ZmtpException.PeerError;
import io.elasticjupyter.wire.zmtp.ZmtpException.TooLarge;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one ZeroMQ peer, on blocking calls that are cheap on virtual threads.
 *
 * <p>One thread may receive at a time; any thread may send, subscribe and close. There is no queue:
 * a send returns when the operating system has taken the bytes and blocks while the peer does not
 * read, and a message is read only when somebody calls {@link #receive}. There is no reconnect
 * either: after any exception but the one for a message that is too large the connection is closed
 * for good.
 *
 * <p>An interrupt of a thread that reads or writes closes the connection, since it may have cut a
 * frame in two.
 */
public final class ZmtpSocket implements Closeable {

  private static final int MAX_IDENTITY_BYTES = 255;

  private final SocketType type;
  private final Transport transport;
  private final FrameReader reader;
  private final FrameWriter writer;
  private final boolean peerKnowsSubscribe;
  private final ReentrantLock writing = new ReentrantLock();

  /** The context of the last PING that is not answered yet. */
  private final AtomicReference<byte @Nullable []> ping = new AtomicReference<>();

  private ZmtpSocket(
      SocketType type,
      Transport transport,
      FrameReader reader,
      FrameWriter writer,
      boolean peerKnowsSubscribe) {
    this.type = type;
    this.transport = transport;
    this.reader = reader;
    this.writer = writer;
    this.peerKnowsSubscribe = peerKnowsSubscribe;
  }

  /**
   * Connects and shakes hands. Blocks for at most the sum of both timeouts, plus what the system
   * takes to resolve a host name.
   *
   * @param identity how a ROUTER addresses this socket, up to 255 bytes, not beginning with zero;
   *     empty lets the ROUTER choose
   * @throws ZmtpException with the reason; nothing stays open
   */
  public static ZmtpSocket connect(
      ZmtpAddress address, SocketType type, byte[] identity, ZmtpOptions options)
      throws IOException {
    // Identities that begin with a zero byte are those that a ROUTER gives by itself.
    if (identity.length > MAX_IDENTITY_BYTES || (identity.length > 0 && identity[0] == 0)) {
      throw new IllegalArgumentException("not an identity that a client may choose");
    }
    Transport transport = Transport.connect(address, options.connectTimeout());
    try {
      return Deadline.within(
          options.handshakeTimeout(),
          transport,
          () -> shakeHands(transport, type, identity, options),
          () ->
              new HandshakeTimeout(
                  address + ": no handshake within " + options.handshakeTimeout()));
    } catch (ZmtpException failure) {
      throw failure;
    } catch (IOException failure) {
      throw closed(failure);
    }
  }

  private static ZmtpSocket shakeHands(
      Transport transport, SocketType type, byte[] identity, ZmtpOptions options)
      throws IOException {
    FrameReader reader = new FrameReader(transport, options);
    FrameWriter writer = new FrameWriter(transport);
    writer.writeGreeting();
    Greeting greeting = reader.readGreeting();
    writer.writeCommand(Command.ready(type, identity));
    switch (reader.readCommand()) {
      case Command.Ready ready -> {
        String peerType = ready.metadata().socketType().orElse("");
        if (!type.accepts(peerType)) {
          throw new IncompatibleSockets(type, peerType);
        }
      }
      case Command.Refusal refusal -> throw new PeerError(refusal.reason());
      case Command.Ping ping -> throw new BadCommand("PING before READY.");
      case Command.Other other -> throw new BadCommand(other.name() + " before READY.");
    }
    return new ZmtpSocket(type, transport, reader, writer, greeting.knowsSubscribe());
  }

  /**
   * Blocks for the next message, whose parts belong to the caller.
   *
   * @throws Closed when the connection has ended, by whomever
   * @throws TooLarge when a message exceeded the limit; where it says that it was passed over, the
   *     connection goes on with the message behind it
   * @throws ZmtpException when the peer broke the protocol
   */
  public List<byte[]> receive() throws IOException {
    try {
      return reader.readMessage(this::handle);
    } catch (TooLarge failure) {
      throw failure.passed() ? failure : ended(failure);
    } catch (IOException failure) {
      throw ended(failure);
    }
  }

  /**
   * Whether more, be it only a part of a message, was read already, so that the next {@link
   * #receive} is likely not to wait. For the thread that receives.
   */
  public boolean hasBuffered() {
    return reader.hasBuffered();
  }

  /**
   * Sends one message. Blocks while the peer does not take it; {@link #close} ends that.
   *
   * @param parts at least one; not to be changed during the call
   * @throws Closed when the connection has ended; the message may have been cut off
   */
  public void send(List<byte[]> parts) throws IOException {
    if (type == SocketType.SUB) {
      throw new IllegalStateException("a SUB socket does not send");
    }
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a message has at least one part");
    }
    write(() -> writer.writeMessage(parts));
  }

  /** Asks the publisher for all messages whose first part begins with the prefix. */
  public void subscribe(byte[] prefix) throws IOException {
    if (type != SocketType.SUB) {
      throw new IllegalStateException("only a SUB socket subscribes");
    }
    if (peerKnowsSubscribe) {
      write(() -> writer.writeCommand(Command.subscribe(prefix)));
    } else {
      byte[] message = new byte[1 + prefix.length];
      message[0] = 1;
      System.arraycopy(prefix, 0, message, 1, prefix.length);
      write(() -> writer.writeMessage(List.of(message)));
    }
  }

  /** Ends the connection and wakes whoever waits in it. May be called again. */
  @Override
  public void close() throws IOException {
    transport.close();
  }

  private void handle(Command command) throws IOException {
    switch (command) {
      case Command.Ping received -> {
        ping.set(received.context());
        answerPing();
      }
      case Command.Refusal refusal -> throw new PeerError(refusal.reason());
      case Command.Ready ready -> throw new BadCommand("READY twice.");
      case Command.Other other -> {}
    }
  }

  /**
   * The receiving thread must not wait for a sender that is blocked by a slow peer, so whoever
   * holds the lock answers when he is done with it.
   */
  private void answerPing() throws IOException {
    while (ping.get() != null && writing.tryLock()) {
      try {
        byte[] context = ping.getAndSet(null);
        if (context != null) {
          writer.writeCommand(Command.pong(context));
        }
      } finally {
        writing.unlock();
      }
    }
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private void write(Writing action) throws IOException {
    try {
      writing.lock();
      try {
        action.run();
      } finally {
        writing.unlock();
      }
      answerPing();
    } catch (IOException failure) {
      throw ended(failure);
    }
  }

  private ZmtpException ended(IOException failure) {
    try {
      transport.close();
    } catch (IOException second) {
      failure.addSuppressed(second);
    }
    return failure instanceof ZmtpException known ? known : closed(failure);
  }

  private static Closed closed(IOException failure) {
    return failure instanceof ClosedChannelException
        ? new Closed(Closed.How.HERE, failure)
        : new Closed(Closed.How.BY_TRANSPORT, failure);
  }
}
