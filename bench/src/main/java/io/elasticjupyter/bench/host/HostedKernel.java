// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.bench.load.Signer;
import io.elasticjupyter.bench.load.ZmtpConnection;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One played kernel: five listening sockets, one virtual thread for each of them and for each
 * connection. Answers every request at once with busy, reply, idle.
 */
final class HostedKernel {
  private static final Logger LOG = System.getLogger(HostedKernel.class.getName());
  private static final byte[] BUSY = "{\"execution_state\": \"busy\"}".getBytes(UTF_8);
  private static final byte[] IDLE = "{\"execution_state\": \"idle\"}".getBytes(UTF_8);
  private static final byte[] INFO =
      """
      {"status": "ok", "protocol_version": "5.4", "implementation": "hosted", \
      "implementation_version": "1", "banner": "", "help_links": [], "language_info": \
      {"name": "none", "version": "1", "mimetype": "text/plain", "file_extension": ".txt"}}\
      """
          .getBytes(UTF_8);
  private static final byte[] OK =
      "{\"status\": \"ok\", \"execution_count\": 1, \"user_expressions\": {}, \"payload\": []}"
          .getBytes(UTF_8);

  private final String key;
  private final ProcessHandle launcher;
  private final List<ServerSocketChannel> listeners = new CopyOnWriteArrayList<>();
  private final List<ZmtpConnection> subscribers = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<SocketChannel> connections = new ConcurrentLinkedQueue<>();
  private final CountDownLatch subscribed = new CountDownLatch(1);
  private final AtomicLong serial = new AtomicLong();

  private HostedKernel(String key, ProcessHandle launcher) {
    this.key = key;
    this.launcher = launcher;
  }

  /** Starts listening; ends with its launcher. */
  static void start(ConnectionFile file, ProcessHandle launcher) throws IOException {
    HostedKernel kernel = new HostedKernel(file.key(), launcher);
    var _ = launcher.onExit().thenRun(kernel::close);
    kernel.listen(file.address("iopub"), kernel::publisher);
    kernel.listen(file.address("shell"), kernel::router);
    kernel.listen(file.address("control"), kernel::router);
    kernel.listen(file.address("stdin"), kernel::router);
    kernel.listen(file.address("hb"), kernel::heartbeat);
  }

  /** Serves one connection until it ends. */
  private interface Service {
    void serve(ZmtpConnection connection) throws IOException;
  }

  private void listen(SocketAddress address, Service service) throws IOException {
    ServerSocketChannel listener =
        switch (address) {
          case UnixDomainSocketAddress _ -> ServerSocketChannel.open(StandardProtocolFamily.UNIX);
          default -> ServerSocketChannel.open();
        };
    listener.bind(address);
    listeners.add(listener);
    Thread.ofVirtual().start(() -> accept(listener, service));
  }

  private void accept(ServerSocketChannel listener, Service service) {
    try (listener) {
      while (true) {
        SocketChannel channel = listener.accept();
        connections.add(channel);
        if (channel.getLocalAddress() instanceof InetSocketAddress) {
          channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        Thread.ofVirtual().start(() -> serve(channel, service));
      }
    } catch (ClosedChannelException ended) {
      LOG.log(Level.DEBUG, "event=kernel_ended");
    } catch (IOException failure) {
      LOG.log(Level.WARNING, "event=accept_failed", failure);
    }
  }

  private void serve(SocketChannel channel, Service service) {
    try (channel) {
      service.serve(
          new ZmtpConnection(Channels.newInputStream(channel), Channels.newOutputStream(channel)));
    } catch (IOException ended) {
      // A client or the gateway went away; a benchmark closes connections all the time.
      LOG.log(Level.DEBUG, "event=connection_ended");
    } finally {
      connections.remove(channel);
    }
  }

  private void publisher(ZmtpConnection connection) throws IOException {
    connection.handshake("PUB", "");
    subscribers.add(connection);
    subscribed.countDown();
    try {
      while (true) {
        // Subscriptions: everything is sent to everybody, so what they ask for does not matter.
        connection.receive();
      }
    } finally {
      subscribers.remove(connection);
    }
  }

  private void heartbeat(ZmtpConnection connection) throws IOException {
    connection.handshake("REP", "");
    while (true) {
      connection.send(parts(connection, connection.receive()));
    }
  }

  private void router(ZmtpConnection connection) throws IOException {
    connection.handshake("ROUTER", "");
    Signer signer = new Signer(key);
    boolean running = true;
    while (running) {
      byte[][] request = parts(connection, connection.receive());
      int delimiter = 0;
      while (!Arrays.equals(request[delimiter], Signer.DELIMITER)) {
        delimiter++;
      }
      byte[] parent = request[delimiter + 2];
      String kind = requestKind(new String(parent, UTF_8));
      publish(signer, "status", parent, BUSY);
      byte[] content = kind.equals("kernel_info") ? INFO : OK;
      connection.send(signer.message(header(kind + "_reply"), parent, content));
      publish(signer, "status", parent, IDLE);
      running = !kind.equals("shutdown");
    }
    launcher.destroy();
  }

  private static byte[][] parts(ZmtpConnection connection, int count) {
    byte[][] parts = new byte[count][];
    for (int index = 0; index < count; index++) {
      parts[index] = connection.part(index);
    }
    return parts;
  }

  private static String requestKind(String header) {
    int key = header.indexOf("\"msg_type\"");
    int open = header.indexOf('"', key + 10) + 1;
    return header.substring(open, header.indexOf("_request", open));
  }

  private byte[] header(String kind) {
    return ("{\"msg_id\": \"hosted_%d\", \"session\": \"hosted\", \"username\": \"kernel\", "
            + "\"date\": \"2026-01-01T00:00:00.000000Z\", \"msg_type\": \"%s\", \"version\": \"5.4\"}")
        .formatted(serial.incrementAndGet(), kind)
        .getBytes(UTF_8);
  }

  private void publish(Signer signer, String kind, byte[] parent, byte[] content)
      throws IOException {
    awaitSubscriber();
    byte[][] message = signer.message(header(kind), parent, content);
    byte[][] published = new byte[message.length + 1][];
    published[0] = kind.getBytes(UTF_8);
    System.arraycopy(message, 0, published, 1, message.length);
    for (ZmtpConnection subscriber : subscribers) {
      subscriber.send(published);
    }
  }

  /**
   * A client subscribes before it asks, but its connections are served by different threads here.
   */
  private void awaitSubscriber() throws IOException {
    try {
      if (!subscribed.await(1, TimeUnit.SECONDS)) {
        LOG.log(Level.DEBUG, "event=nobody_listens");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  private void close() {
    try {
      for (ServerSocketChannel listener : listeners) {
        listener.close();
      }
      for (SocketChannel connection : connections) {
        connection.close();
      }
    } catch (IOException failure) {
      LOG.log(Level.WARNING, "event=close_failed", failure);
    }
  }
}
