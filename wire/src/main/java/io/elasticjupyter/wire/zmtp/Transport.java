// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import io.elasticjupyter.wire.zmtp.ZmtpException.ConnectFailed;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;

/**
 * A connected byte stream over TCP or a unix socket: a channel in blocking mode, on which a virtual
 * thread waits without holding a carrier.
 */
final class Transport implements ByteSource, ByteSink, Closeable {

  /** The JDK copies each heap array through a native buffer of the same size, and keeps that. */
  private static final int MAX_STEP_BYTES = 128 * 1024;

  private final SocketChannel channel;

  private Transport(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects within the timeout, apart from the time that resolving a host name takes. */
  static Transport connect(ZmtpAddress address, Duration timeout) throws ConnectFailed {
    try {
      return switch (address) {
        case ZmtpAddress.Tcp tcp -> connectTcp(tcp, timeout);
        case ZmtpAddress.Ipc ipc -> connectUnix(ipc, timeout);
      };
    } catch (ConnectFailed failure) {
      throw failure;
    } catch (IOException failure) {
      String reason = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
      throw new ConnectFailed(address + ": " + reason, failure);
    }
  }

  private static Transport connectTcp(ZmtpAddress.Tcp address, Duration timeout)
      throws IOException {
    InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
    if (resolved.isUnresolved()) {
      throw new ConnectFailed(address + ": unknown host", null);
    }
    SocketChannel channel = SocketChannel.open();
    return Deadline.within(
        timeout,
        channel,
        () -> {
          channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
          channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
          channel.connect(resolved);
          return new Transport(channel);
        },
        () -> tooSlow(address, timeout));
  }

  private static Transport connectUnix(ZmtpAddress.Ipc address, Duration timeout)
      throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    return Deadline.within(
        timeout,
        channel,
        () -> {
          channel.connect(UnixDomainSocketAddress.of(address.path()));
          return new Transport(channel);
        },
        () -> tooSlow(address, timeout));
  }

  private static ConnectFailed tooSlow(ZmtpAddress address, Duration timeout) {
    return new ConnectFailed(address + ": no connection within " + timeout, null);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return channel.read(ByteBuffer.wrap(target, offset, Math.min(length, MAX_STEP_BYTES)));
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(source, offset, length);
    int end = rest.limit();
    while (rest.position() < end) {
      rest.limit(Math.min(end, rest.position() + MAX_STEP_BYTES));
      channel.write(rest);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
