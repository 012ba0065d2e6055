// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Locale;
import jdk.net.ExtendedSocketOptions;

/**
 * The channels websocket of a gateway (RFC 6455), with either framing of the Jupyter messages.
 * Pings are answered before the next wait for bytes, all pongs of what had arrived in one write.
 */
public final class WebSocketLink implements KernelLink {
  private static final String V1_PROTOCOL = "v1.kernel.websocket.jupyter.org";
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;

  private final Socket socket;
  private final OutputStream out;
  private final ReadBuffer buffer;
  private final ByteArrayOutputStream pongs = new ByteArrayOutputStream();
  private final ByteArrayOutputStream fragments = new ByteArrayOutputStream();
  private final MessageView view = new MessageView();
  private final String session;
  private final boolean quickAcknowledge;
  private boolean v1;
  private long serial;

  /**
   * How to connect.
   *
   * @param session id of the client's session
   * @param offerV1 offer the v1 subprotocol, which a gateway may still decline
   * @param quickAcknowledge acknowledge each TCP segment at once instead of up to 40 ms later
   * @param receiveBuffer bytes of the socket's receive buffer, 0 for the system's default
   */
  public record Options(
      String session, boolean offerV1, boolean quickAcknowledge, int receiveBuffer) {
    public static Options of(String session) {
      return new Options(session, true, false, 0);
    }
  }

  private WebSocketLink(Socket socket, Options options) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.session = options.session();
    this.quickAcknowledge = options.quickAcknowledge();
    this.buffer = new ReadBuffer(socket.getInputStream(), this::beforeRead);
  }

  /**
   * Connects and upgrades.
   *
   * @param gateway base address of the gateway
   */
  public static WebSocketLink open(URI gateway, String token, String kernelId, Options options)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      if (options.receiveBuffer() > 0) {
        socket.setReceiveBufferSize(options.receiveBuffer());
      }
      socket.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()), 10_000);
      socket.setSoTimeout(90_000);
      WebSocketLink link = new WebSocketLink(socket, options);
      link.upgrade(gateway, token, kernelId, options);
      return link;
    } catch (IOException | RuntimeException failure) {
      socket.close();
      throw failure;
    }
  }

  private void upgrade(URI gateway, String token, String kernelId, Options options)
      throws IOException {
    String request =
        """
        GET /api/kernels/%s/channels?session_id=%s HTTP/1.1\r
        Host: %s:%d\r
        Authorization: token %s\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r
        """
            .formatted(kernelId, session, gateway.getHost(), gateway.getPort(), token);
    String protocol = options.offerV1() ? "Sec-WebSocket-Protocol: " + V1_PROTOCOL + "\r\n" : "";
    out.write((request + protocol + "\r\n").getBytes(US_ASCII));
    StringBuilder response = new StringBuilder();
    while (response.indexOf("\r\n\r\n") < 0) {
      buffer.require(1);
      response.append((char) buffer.data()[buffer.start()]);
      buffer.skip(1);
    }
    if (!response.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("not upgraded: " + response.substring(0, response.indexOf("\r\n")));
    }
    v1 = response.toString().toLowerCase(Locale.ROOT).contains(V1_PROTOCOL);
  }

  /** Whether the gateway agreed to the v1 framing. */
  public boolean speaksV1() {
    return v1;
  }

  @Override
  public String execute(String code) throws IOException {
    ExecuteRequest request = ExecuteRequest.of(session, ++serial, code);
    if (v1) {
      send(BINARY, v1Frame(request));
    } else {
      send(TEXT, legacyFrame(request));
    }
    return request.messageId();
  }

  private static byte[] v1Frame(ExecuteRequest request) {
    byte[][] parts = {
      "shell".getBytes(US_ASCII),
      request.header(),
      ExecuteRequest.EMPTY,
      ExecuteRequest.EMPTY,
      request.content()
    };
    int offsets = parts.length + 1;
    int length = 8 * (offsets + 1);
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer frame = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(offsets);
    long offset = 8L * (offsets + 1);
    for (byte[] part : parts) {
      frame.putLong(offset);
      offset += part.length;
    }
    frame.putLong(offset);
    for (byte[] part : parts) {
      frame.put(part);
    }
    return frame.array();
  }

  private static byte[] legacyFrame(ExecuteRequest request) {
    return "{\"header\":%s,\"parent_header\":{},\"metadata\":{},\"content\":%s,\"buffers\":[],\"channel\":\"shell\"}"
        .formatted(new String(request.header(), UTF_8), new String(request.content(), UTF_8))
        .getBytes(UTF_8);
  }

  /**
   * A masked frame; the mask is zero, which RFC 6455 allows and which leaves the bytes as they are.
   */
  private static byte[] frame(int opcode, byte[] payload, int offset, int length) {
    ByteBuffer frame = ByteBuffer.allocate(length + 14);
    frame.put((byte) (FINAL | opcode));
    if (length < 126) {
      frame.put((byte) (MASKED | length));
    } else if (length < 65_536) {
      frame.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      frame.put((byte) (MASKED | 127)).putLong(length);
    }
    frame.putInt(0).put(payload, offset, length);
    byte[] bytes = new byte[frame.position()];
    frame.flip().get(bytes);
    return bytes;
  }

  private void send(int opcode, byte[] payload) throws IOException {
    out.write(frame(opcode, payload, 0, payload.length));
  }

  private void beforeRead() throws IOException {
    if (pongs.size() > 0) {
      pongs.writeTo(out);
      pongs.reset();
    }
    if (quickAcknowledge) {
      // The system falls back to delayed acknowledgements by itself, so it is set before each wait.
      socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
    }
  }

  @Override
  public void collect(Tally tally, Duration quiet) throws IOException {
    socket.setSoTimeout(Math.toIntExact(quiet.toMillis()));
    try {
      while (!tally.done()) {
        next(tally);
      }
      beforeRead();
    } catch (SocketTimeoutException expected) {
      // Quiet for too long: the tally tells what is missing.
      beforeRead();
    }
  }

  @Override
  public void collectFor(Tally tally, Duration duration) throws IOException {
    long end = System.nanoTime() + duration.toNanos();
    socket.setSoTimeout(1);
    while (System.nanoTime() < end) {
      try {
        next(tally);
      } catch (SocketTimeoutException nothingYet) {
        // Within a millisecond the clock is looked at again.
      }
    }
    beforeRead();
  }

  @Override
  public void attend() throws IOException {
    Tally ignored = new Tally("none");
    while (buffer.hasMoreThan(0)) {
      next(ignored);
    }
    beforeRead();
  }

  private void next(Tally tally) throws IOException {
    buffer.require(2);
    int first = buffer.data()[buffer.start()];
    int second = buffer.data()[buffer.start() + 1] & 0x7f;
    int head = 2;
    int length = second;
    if (second == 126) {
      head = 4;
      buffer.require(head);
      length = ByteBuffer.wrap(buffer.data()).getShort(buffer.start() + 2) & 0xffff;
    } else if (second == 127) {
      head = 10;
      buffer.require(head);
      length = Math.toIntExact(ByteBuffer.wrap(buffer.data()).getLong(buffer.start() + 2));
    }
    buffer.require(head + length);
    int start = buffer.start() + head;
    switch (first & 0x0f) {
      case PING -> pongs.writeBytes(frame(PONG, buffer.data(), start, length));
      case PONG -> {}
      case CLOSE -> throw new EOFException("websocket closed by the gateway");
      case TEXT, BINARY, CONTINUATION ->
          data((first & FINAL) != 0, buffer.data(), start, length, tally);
      default -> throw new IOException("unknown websocket opcode " + (first & 0x0f));
    }
    buffer.skip(head + length);
  }

  private void data(boolean last, byte[] data, int start, int length, Tally tally)
      throws IOException {
    if (last && fragments.size() == 0) {
      message(data, start, length, tally);
      return;
    }
    fragments.write(data, start, length);
    if (last) {
      byte[] whole = fragments.toByteArray();
      fragments.reset();
      message(whole, 0, whole.length, tally);
    }
  }

  private void message(byte[] data, int start, int length, Tally tally) {
    if (v1) {
      ByteBuffer offsets = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
      int header = start + (int) offsets.getLong(start + 16);
      int parent = start + (int) offsets.getLong(start + 24);
      int metadata = start + (int) offsets.getLong(start + 32);
      int content = start + (int) offsets.getLong(start + 40);
      int end = start + (int) offsets.getLong(start + 48);
      view.header(data, header, parent);
      view.parent(parent, metadata);
      view.content(content, end);
    } else {
      view.legacy(data, start, start + length);
    }
    tally.accept(view);
  }

  /** Ends the connection without a closing handshake, as a lost network does. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
