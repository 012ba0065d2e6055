// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A websocket client that does only what it is told: every frame, right or wrong, and no pong of
 * its own accord.
 */
public final class RawWebSocket implements AutoCloseable {

  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;
  public static final String V1 = "v1.kernel.websocket.jupyter.org";

  private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final List<String> responseHead = new ArrayList<>();

  /** A frame from the gateway. */
  public record Frame(int opcode, byte[] payload) {

    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    public int closeCode() {
      return ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }

    public String closeReason() {
      return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }

    public long number() {
      return ByteBuffer.wrap(payload).getLong();
    }
  }

  private RawWebSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
  }

  /** Sends the handshake and reads the head of the response, whatever its status. */
  public static RawWebSocket open(int port, String path, String... headers) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    RawWebSocket client = new RawWebSocket(socket);
    StringBuilder request = new StringBuilder();
    request.append("GET ").append(path).append(" HTTP/1.1\r\n");
    request.append("Host: 127.0.0.1:").append(port).append("\r\n");
    request.append("Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n");
    request.append("Sec-WebSocket-Version: 13\r\n");
    request.append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    client.out.write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    client.readHead();
    return client;
  }

  private void readHead() throws IOException {
    while (true) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      int next = in.read();
      while (next != '\n') {
        if (next < 0) {
          throw new EOFException("no response");
        }
        line.write(next);
        next = in.read();
      }
      String text = line.toString(StandardCharsets.ISO_8859_1).strip();
      if (text.isEmpty()) {
        return;
      }
      responseHead.add(text);
    }
  }

  public int status() {
    return Integer.parseInt(responseHead.getFirst().split(" ", 3)[1]);
  }

  public String header(String name) {
    return responseHead.stream()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** Sends one whole masked frame. */
  public void send(int opcode, byte[] payload) throws IOException {
    raw(frame(0x80 | opcode, payload));
  }

  /** Bytes of a masked frame whose first byte is as given. */
  public static byte[] frame(int first, byte[] payload) {
    ByteBuffer head = ByteBuffer.allocate(14);
    head.put((byte) first);
    if (payload.length < 126) {
      head.put((byte) (0x80 | payload.length));
    } else if (payload.length <= 0xFFFF) {
      head.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      head.put((byte) (0x80 | 127)).putLong(payload.length);
    }
    head.put(MASK).flip();
    ByteBuffer whole = ByteBuffer.allocate(head.remaining() + payload.length).put(head);
    for (int i = 0; i < payload.length; i++) {
      whole.put((byte) (payload[i] ^ MASK[i & 3]));
    }
    return whole.array();
  }

  public void raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  public void text(String text) throws IOException {
    send(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The next frame, of any kind. */
  public Frame read() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Frame(first & 0x0F, payload);
  }

  /** The next frame that is no ping; pings on the way are answered. */
  public Frame readMessage() throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.opcode() != PING) {
        return frame;
      }
      send(PONG, frame.payload());
    }
  }

  /** Whether the gateway ended the connection. */
  public boolean isAtEnd() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
