// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A kernel's own sockets without any gateway: the limit. Output is read first and the reply after
 * it, on one thread, because a hand-over between threads would cost more than the sockets do.
 */
public final class ZeroMqLink implements KernelLink {
  private static final byte[] SUBSCRIBE_ALL = {1};
  private static final Duration START_LIMIT = Duration.ofSeconds(20);
  private static final int NUDGE_MILLIS = 20;

  private final String session;
  private final Signer signer;
  private final Socket shellSocket;
  private final Socket outputSocket;
  private final ZmtpConnection shell;
  private final ZmtpConnection output;
  private final MessageView view = new MessageView();
  private long serial;

  private ZeroMqLink(String session, String key, Socket shellSocket, Socket outputSocket)
      throws IOException {
    this.session = session;
    this.signer = new Signer(key);
    this.shellSocket = shellSocket;
    this.outputSocket = outputSocket;
    this.shell = new ZmtpConnection(shellSocket.getInputStream(), shellSocket.getOutputStream());
    this.output = new ZmtpConnection(outputSocket.getInputStream(), outputSocket.getOutputStream());
  }

  /**
   * Connects to a kernel; waits for it to listen.
   *
   * @param key of its connection file
   */
  public static ZeroMqLink open(
      String session, String key, InetAddress host, int shellPort, int outputPort)
      throws IOException {
    // Output first: the subscription must be there before the first request is answered.
    Socket outputSocket = connect(host, outputPort);
    Socket shellSocket = connect(host, shellPort);
    ZeroMqLink link = new ZeroMqLink(session, key, shellSocket, outputSocket);
    link.output.handshake("SUB", "");
    link.output.send(SUBSCRIBE_ALL);
    link.shell.handshake("DEALER", session);
    link.awaitSubscription();
    return link;
  }

  /**
   * A publisher takes a new subscription into account up to some milliseconds after it came, and
   * what it sends before is not for us. So the kernel is asked who it is until it is heard, as
   * gateways do.
   */
  private void awaitSubscription() throws IOException {
    byte[] header = ExecuteRequest.header("nudge-" + session, session, "kernel_info_request");
    long giveUp = System.nanoTime() + START_LIMIT.toNanos();
    outputSocket.setSoTimeout(NUDGE_MILLIS);
    while (System.nanoTime() < giveUp) {
      shell.send(signer.message(header, ExecuteRequest.EMPTY, ExecuteRequest.EMPTY));
      try {
        while (output.receive() < 6) {
          // Not a Jupyter message: the welcome of an XPUB socket (JEP 65).
        }
        return;
      } catch (SocketTimeoutException notHeard) {
        // Asked again.
      }
    }
    throw new IOException("the kernel was not heard within " + START_LIMIT);
  }

  private static Socket connect(InetAddress host, int port) throws IOException {
    long giveUp = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      Socket socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(host, port));
        return socket;
      } catch (IOException refused) {
        socket.close();
        if (System.nanoTime() > giveUp) {
          throw refused;
        }
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(Duration.ofMillis(1));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while connecting", interrupted);
    }
  }

  @Override
  public String execute(String code) throws IOException {
    ExecuteRequest request = ExecuteRequest.of(session, ++serial, code);
    shell.send(signer.message(request.header(), ExecuteRequest.EMPTY, request.content()));
    return request.messageId();
  }

  @Override
  public void collect(Tally tally, Duration quiet) throws IOException {
    int millis = Math.toIntExact(quiet.toMillis());
    outputSocket.setSoTimeout(millis);
    shellSocket.setSoTimeout(millis);
    try {
      while (!tally.idle()) {
        next(output, tally);
      }
      while (!tally.replied()) {
        next(shell, tally);
      }
    } catch (SocketTimeoutException quietForTooLong) {
      // The tally tells what is missing.
    }
  }

  private void next(ZmtpConnection from, Tally tally) throws IOException {
    int parts = from.receive();
    int delimiter = 0;
    while (delimiter < parts - 5
        && ByteSearch.indexOf(
                from.data(), from.start(delimiter), from.end(delimiter), Signer.DELIMITER)
            != from.start(delimiter)) {
      delimiter++;
    }
    if (parts < delimiter + 6) {
      // Not a Jupyter message: the welcome of an XPUB socket (JEP 65) is one empty or short part.
      return;
    }
    view.header(from.data(), from.start(delimiter + 2), from.end(delimiter + 2));
    view.parent(from.start(delimiter + 3), from.end(delimiter + 3));
    view.content(from.start(delimiter + 5), from.end(delimiter + 5));
    tally.accept(view);
  }

  @Override
  public void collectFor(Tally tally, Duration duration) throws IOException {
    long end = System.nanoTime() + duration.toNanos();
    outputSocket.setSoTimeout(1);
    while (System.nanoTime() < end) {
      try {
        next(output, tally);
      } catch (SocketTimeoutException nothingYet) {
        // Within a millisecond the clock is looked at again.
      }
    }
  }

  @Override
  public void attend() throws IOException {
    Tally ignored = new Tally("none");
    while (output.readable()) {
      next(output, ignored);
    }
  }

  @Override
  public void close() throws IOException {
    shellSocket.close();
    outputSocket.close();
  }
}
