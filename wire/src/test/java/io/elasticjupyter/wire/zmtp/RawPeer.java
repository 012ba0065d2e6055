// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A peer for one connection that says byte by byte what a test wants, and hears what comes. */
final class RawPeer implements AutoCloseable {

  /** What the peer does with its connection, which ends with it. */
  @FunctionalInterface
  interface Script {
    void run(Connection connection) throws Exception;
  }

  private final ServerSocket server;
  private final CompletableFuture<Void> played = new CompletableFuture<>();

  RawPeer(Script script) throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .name("raw-peer")
        .start(() -> {
          try (Socket socket = server.accept()) {
            script.run(new Connection(socket));
            played.complete(null);
          } catch (Throwable failure) {
            played.completeExceptionally(failure);
          }
        });
  }

  ZmtpAddress address() {
    return new ZmtpAddress.Tcp("127.0.0.1", server.getLocalPort());
  }

  /** Waits until the script has ended, and fails as it failed. */
  void played() throws InterruptedException, TimeoutException {
    try {
      played.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw new AssertionError("the peer's script failed", failure.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** The peer's end. */
  static final class Connection {

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new DataInputStream(socket.getInputStream());
      this.out = socket.getOutputStream();
    }

    void send(ZmtpBytes bytes) throws IOException {
      out.write(bytes.toArray());
    }

    byte[] take(int count) throws IOException {
      return in.readNBytes(count);
    }

    /** Greets and shakes hands as a good peer; returns what the client said in READY. */
    byte[] shakeHands(int minor, String socketType) throws IOException {
      send(ZmtpBytes.start().greeting(3, minor, "NULL"));
      take(Greeting.BYTES);
      send(ZmtpBytes.start().ready(socketType));
      return takeFrame();
    }

    /** The body of the next frame. */
    byte[] takeFrame() throws IOException {
      int flags = in.readUnsignedByte();
      int size = (flags & FrameReader.LONG) == 0 ? in.readUnsignedByte() : (int) in.readLong();
      return in.readNBytes(size);
    }

    /** Waits until the client has closed, ignoring what it still says. */
    void awaitEnd() throws IOException {
      while (in.read() >= 0) {
        // What it says does not matter.
      }
    }

    /** Ends with a reset instead of an orderly end. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
