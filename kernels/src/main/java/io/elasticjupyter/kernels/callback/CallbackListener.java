// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.callback;

import io.elasticjupyter.kernels.callback.AnswerRefused.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Listens for launchers that tell how their kernels are reached. Nothing is ever sent back, so a
 * caller learns nothing by trying. One virtual thread per connection; above a number of them
 * callers wait in the socket's queue, and one address gets only a few, so that a Pod that opens
 * many and sends nothing keeps no other out.
 */
public final class CallbackListener implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(CallbackListener.class.getName());
  private static final int MOST_CONNECTIONS = 256;
  private static final int MOST_OF_ONE_ADDRESS = 4;
  private static final int QUEUE = 256;
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

  private final ServerSocket server;
  private final Settings settings;
  private final AwaitedKernels kernels;
  private final Semaphore free = new Semaphore(MOST_CONNECTIONS);
  private final Map<InetAddress, Integer> connections = new ConcurrentHashMap<>();

  /**
   * How it listens.
   *
   * @param port 0 for any
   * @param key what launchers encrypt their answers for
   * @param acceptsVersion0 whether answers that everybody could have forged are taken as well
   * @param patience within which a caller must have sent its record
   */
  public record Settings(int port, PrivateKey key, boolean acceptsVersion0, Duration patience) {

    /** Without the key. */
    @Override
    public String toString() {
      return "Settings[port=" + port + ", acceptsVersion0=" + acceptsVersion0 + "]";
    }
  }

  private CallbackListener(ServerSocket server, Settings settings, AwaitedKernels kernels) {
    this.server = server;
    this.settings = settings;
    this.kernels = kernels;
  }

  /** Begins to listen on all addresses. */
  public static CallbackListener start(Settings settings, AwaitedKernels kernels)
      throws IOException {
    ServerSocket server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(settings.port()), QUEUE);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    CallbackListener listener = new CallbackListener(server, settings, kernels);
    Thread.ofVirtual().name("callback-listener").start(listener::listen);
    return listener;
  }

  /** Where it listens. */
  public int port() {
    return server.getLocalPort();
  }

  private void listen() {
    while (!server.isClosed()) {
      free.acquireUninterruptibly();
      acceptOne();
    }
  }

  private void acceptOne() {
    Socket caller;
    try {
      caller = server.accept();
    } catch (IOException e) {
      free.release();
      if (!server.isClosed()) {
        // Out of file descriptors, most likely: those that are open end soon.
        LOG.log(Level.WARNING, "event=callback-not-accepted reason={0}", e.toString());
        LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
      }
      return;
    }
    Thread.ofVirtual().name("callback-" + caller.getInetAddress()).start(() -> serve(caller));
  }

  private void serve(Socket caller) {
    InetAddress address = caller.getInetAddress();
    try (caller) {
      if (connections.merge(address, 1, Integer::sum) > MOST_OF_ONE_ADDRESS) {
        LOG.log(
            Level.WARNING,
            "event=callback-refused from={0} reason=too-many-connections",
            address.getHostAddress());
        return;
      }
      hear(caller, address.getHostAddress());
    } catch (AnswerRefused e) {
      LOG.log(
          Level.WARNING,
          "event=callback-refused from={0} reason={1}",
          address.getHostAddress(),
          e.reason().code());
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "event=callback-broken from={0} reason={1}",
          address.getHostAddress(),
          e.toString());
    } finally {
      connections.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
      free.release();
    }
  }

  private void hear(Socket caller, String address) throws IOException, AnswerRefused {
    KernelAnswer answer = read(receive(caller));
    AwaitedKernels.Verdict verdict = kernels.answered(answer, address);
    LOG.log(
        verdict == AwaitedKernels.Verdict.TAKEN ? Level.INFO : Level.WARNING,
        "event=callback kernel={0} from={1} verdict={2}",
        answer.kernel(),
        address,
        verdict.code());
  }

  private KernelAnswer read(byte[] record) throws AnswerRefused {
    try {
      return AnswerRecord.read(record, settings.key());
    } catch (AnswerRefused e) {
      if (e.reason() != Reason.OLD_VERSION || !settings.acceptsVersion0()) {
        throw e;
      }
      LOG.log(
          Level.WARNING, "event=callback-of-version-0 consequence=anybody-could-have-forged-it");
      return AnswerRecord.readOld(record, kernels.unanswered());
    }
  }

  /** Everything until the caller closes; within the time as a whole, however slowly it comes. */
  private byte[] receive(Socket caller) throws IOException, AnswerRefused {
    long deadline = System.nanoTime() + settings.patience().toNanos();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    byte[] buffer = new byte[2048];
    InputStream in = caller.getInputStream();
    while (true) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AnswerRefused(Reason.TOO_SLOW);
      }
      caller.setSoTimeout(Math.toIntExact(left));
      int count;
      try {
        count = in.read(buffer);
      } catch (SocketTimeoutException _) {
        throw new AnswerRefused(Reason.TOO_SLOW);
      }
      if (count < 0) {
        return record.toByteArray();
      }
      record.write(buffer, 0, count);
      if (record.size() > AnswerRecord.LONGEST) {
        throw new AnswerRefused(Reason.TOO_LONG);
      }
    }
  }

  /** Stops listening; of whom it has accepted it still reads the record. */
  @Override
  public void close() throws IOException {
    server.close();
  }
}
