// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.peers;

import io.elasticjupyter.gateway.http.ByteStream;
import io.elasticjupyter.gateway.http.Header;
import io.elasticjupyter.gateway.http.HttpRequest;
import io.elasticjupyter.kernels.replicas.Replica;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A client's websocket whose kernel another replica has: its bytes go through as they are, so that
 * what the client acknowledges is known there. Ends when either side does.
 */
final class ForwardedSocket implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(ForwardedSocket.class.getName());

  private static final int CONNECT_MILLIS = 2_000;

  /** The other side waits for a kernel that is still starting where the client is impatient. */
  private static final int ANSWER_MILLIS = 60_000;

  private static final int LONGEST_HEAD = 32 << 10;
  private static final int BUFFER = 64 << 10;
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Replica to;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final CountDownLatch ended = new CountDownLatch(1);
  private int status;
  private List<Header> headers = List.of();

  private ForwardedSocket(Socket socket, Replica to) throws IOException {
    this.to = to;
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
    this.out = socket.getOutputStream();
  }

  /**
   * Opens the websocket at the other replica.
   *
   * @param target path and query, encoded
   * @param self which replica this is
   * @throws IOException if it does not answer
   */
  static ForwardedSocket open(
      Replica to, String target, HttpRequest request, PeerSecret secret, String self)
      throws IOException {
    int colon = to.address().lastIndexOf(':');
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(
              to.address().substring(0, colon),
              Integer.parseInt(to.address().substring(colon + 1))),
          CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(ANSWER_MILLIS);
      ForwardedSocket forwarded = new ForwardedSocket(socket, to);
      forwarded.ask(to, target, request, secret, self);
      socket.setSoTimeout(0);
      return forwarded;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void ask(Replica to, String target, HttpRequest request, PeerSecret secret, String self)
      throws IOException {
    StringBuilder head = new StringBuilder();
    head.append("GET ").append(target).append(" HTTP/1.1\r\nHost: ").append(to.address());
    head.append("\r\nConnection: Upgrade\r\nAuthorization: ").append(secret.authorization());
    head.append("\r\n").append(PeerRoutes.SENDER).append(": ").append(self);
    for (Header field : request.headers().fields()) {
      if (isPassedOn(field.name())) {
        head.append("\r\n").append(field.name()).append(": ").append(field.value());
      }
    }
    head.append("\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    readAnswer();
  }

  private static boolean isPassedOn(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("sec-websocket-")
        || lower.equals("upgrade")
        || lower.equals("user-agent")
        || lower.equals("origin");
  }

  private void readAnswer() throws IOException {
    String[] lines = head().split("\r\n", -1);
    String[] first = lines[0].split(" ", 3);
    if (first.length < 2 || !first[1].matches("\\d{3}")) {
      throw new IOException("the other replica does not speak HTTP");
    }
    status = Integer.parseInt(first[1]);
    List<Header> fields = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        fields.add(new Header(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
      }
    }
    headers = fields;
  }

  private String head() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int end = 0;
    while (end < 4) {
      int next = in.read();
      if (next < 0 || head.size() > LONGEST_HEAD) {
        throw new IOException("the other replica broke off before it answered");
      }
      head.write(next);
      boolean wanted = next == (end % 2 == 0 ? '\r' : '\n');
      end = wanted ? end + 1 : next == '\r' ? 1 : 0;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the other replica has opened the websocket. */
  boolean isOpen() {
    return status == 101;
  }

  /** The replica that has the kernel. */
  Replica to() {
    return to;
  }

  int status() {
    return status;
  }

  /** The body of an answer that is none; at most as much as an error has. */
  byte[] body() throws IOException {
    int length =
        header("Content-Length")
            .filter(text -> text.matches("\\d{1,5}"))
            .map(Integer::parseInt)
            .orElse(0);
    return in.readNBytes(length);
  }

  Optional<String> header(String name) {
    return headers.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  /** What the client is answered. */
  List<Header> switching() {
    return headers.stream()
        .filter(field -> {
          String name = field.name().toLowerCase(Locale.ROOT);
          return name.startsWith("sec-websocket-")
              || name.equals("upgrade")
              || name.equals("connection");
        })
        .toList();
  }

  /**
   * Passes bytes both ways until one side ends, or the kernel is elsewhere: whoever had it may be
   * stopped, and would never say so. The calling thread is the one towards the kernel.
   *
   * @param there whether the other replica has the kernel; asked about each second
   */
  void run(ByteStream client, BooleanSupplier there) throws InterruptedException {
    Thread back = Thread.ofVirtual().name("websocket-forwarded").start(() -> back(client));
    try {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      long lookedAt = System.nanoTime();
      while (true) {
        int count = client.read(buffer.clear(), LOOK);
        if (count == ByteStream.END) {
          return;
        }
        out.write(buffer.array(), 0, count);
        if (System.nanoTime() - lookedAt > LOOK.toNanos()) {
          lookedAt = System.nanoTime();
          if (!there.getAsBoolean()) {
            return;
          }
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "event=forwarding-ended reason={0}", e.toString());
    } finally {
      close();
      client.close();
      back.join();
    }
  }

  private void back(ByteStream client) {
    byte[] buffer = new byte[BUFFER];
    try {
      while (true) {
        int count = in.read(buffer);
        if (count < 0) {
          return;
        }
        client.write(ByteBuffer.wrap(buffer, 0, count));
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "event=forwarding-ended reason={0}", e.toString());
    } finally {
      client.close();
      close();
    }
  }

  /** Waits until one side has ended. */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    return ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "event=forwarded-socket-not-closed reason={0}", e.toString());
    }
  }
}
