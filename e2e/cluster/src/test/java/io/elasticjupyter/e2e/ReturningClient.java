// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A client that comes back when its connection ends, under the same session and after the pauses of
 * jupyter_server's: 1, 2, 4, 8 and 16 seconds, then never again. Keeps the order in which messages
 * came over all its connections.
 */
final class ReturningClient implements AutoCloseable {

  private static final int[] PAUSES = {1, 2, 4, 8, 16};

  private final Supplier<Rest> servers;
  private final String kernel;
  private final String session = KernelSocket.newSession();
  private final ReentrantLock lock = new ReentrantLock();
  private final List<KernelSocket> sockets = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger returns = new AtomicInteger();
  private volatile String gaveUp = "";

  private ReturningClient(Supplier<Rest> servers, String kernel) {
    this.servers = servers;
    this.kernel = kernel;
  }

  /**
   * Opens, and comes back from then on.
   *
   * @param servers asked at each connection, so that it may come to another server
   */
  static ReturningClient open(Supplier<Rest> servers, String kernel) {
    ReturningClient client = new ReturningClient(servers, kernel);
    client.add(KernelSocket.open(servers.get(), kernel, client.session));
    Thread.ofVirtual().name("returning-client").start(client::stay);
    return client;
  }

  private void add(KernelSocket socket) {
    lock.lock();
    try {
      sockets.add(socket);
    } finally {
      lock.unlock();
    }
  }

  private void stay() {
    try {
      while (true) {
        OptionalInt _ = current().awaitClosed(Duration.ofHours(1));
        if (!comeBack()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean comeBack() throws InterruptedException {
    StringBuilder why = new StringBuilder();
    for (int pause : PAUSES) {
      if (closed.await(pause, TimeUnit.SECONDS)) {
        return false;
      }
      try {
        add(KernelSocket.open(servers.get(), kernel, session));
        int _ = returns.incrementAndGet();
        return true;
      } catch (RuntimeException refused) {
        why.append(" after ").append(pause).append(" s: ").append(refused);
      }
    }
    gaveUp = "the client gave up:" + why;
    return false;
  }

  /** The connection that is there, or was last. */
  KernelSocket current() {
    lock.lock();
    try {
      return sockets.getLast();
    } finally {
      lock.unlock();
    }
  }

  private List<KernelSocket> all() {
    lock.lock();
    try {
      return List.copyOf(sockets);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what came so far. */
  void forget() {
    lock.lock();
    try {
      sockets.subList(0, sockets.size() - 1).clear();
    } finally {
      lock.unlock();
    }
    current().forget();
  }

  /** Whether anything came that belongs to a request. */
  boolean heardOf(String request) {
    return all().stream()
        .flatMap(socket -> socket.messages().stream())
        .anyMatch(message -> message.parentId().equals(request));
  }

  /** How often it came back. */
  int returns() {
    return returns.get();
  }

  /** Why it comes back no more; empty while it does. */
  String gaveUp() {
    return gaveUp;
  }

  /**
   * Executes code, on the connection that is there, and waits for the reply on whichever is there
   * then; answers what it printed.
   */
  String run(String code, Duration patience) {
    String request = current().execute(code);
    long deadline = System.nanoTime() + patience.toNanos();
    while (replies(request).isEmpty() || !hasEnded(request)) {
      if (System.nanoTime() > deadline || !gaveUp.isEmpty()) {
        throw new AssertionError("no reply to " + code + " " + gaveUp);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return all().stream().map(socket -> socket.printed(request)).collect(Collectors.joining());
  }

  private boolean hasEnded(String request) {
    return all().stream()
        .flatMap(socket -> socket.messages().stream())
        .anyMatch(message -> message.isStatus("idle") && message.parentId().equals(request));
  }

  /** The leading numbers of what a request printed, over all connections. */
  List<Integer> numbers(String request) {
    return all().stream().flatMap(socket -> socket.numbers(request).stream()).toList();
  }

  /** The replies to a request, over all connections. */
  List<ClientMessage> replies(String request) {
    return all().stream()
        .flatMap(socket -> socket.messages().stream())
        .filter(message -> message.replies(request))
        .toList();
  }

  /** What the gateway said, over all connections. */
  List<String> notices() {
    return all().stream()
        .flatMap(socket -> socket.messages().stream())
        .filter(message -> message.is("stream"))
        .map(ClientMessage::text)
        .filter(text -> text.startsWith("[elastic-jupyter]"))
        .toList();
  }

  @Override
  public void close() {
    closed.countDown();
    all().forEach(KernelSocket::close);
  }
}
