// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** JeroMQ in this process; its sockets belong to one thread. */
final class JeroMqPeer implements InteropPeer {

  private final ZContext context = new ZContext();
  private final ZMQ.Socket router;
  private final ZMQ.Socket pub;
  private final ZMQ.Socket xpub;
  private final List<ZmtpAddress> addresses;
  private final List<byte[]> subscriptions = new ArrayList<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Thread loop;

  JeroMqPeer(int heartbeatMillis, List<String> endpoints) {
    router = bind(SocketType.ROUTER, endpoints.get(0), heartbeatMillis);
    router.setRouterHandover(true);
    pub = bind(SocketType.PUB, endpoints.get(1), heartbeatMillis);
    xpub = bind(SocketType.XPUB, endpoints.get(2), heartbeatMillis);
    addresses =
        List.of(
            Endpoints.parse(router.getLastEndpoint()),
            Endpoints.parse(pub.getLastEndpoint()),
            Endpoints.parse(xpub.getLastEndpoint()));
    loop = Thread.ofPlatform().name("jeromq-peer").start(this::run);
  }

  private ZMQ.Socket bind(SocketType type, String endpoint, int heartbeatMillis) {
    ZMQ.Socket socket = context.createSocket(type);
    socket.setHWM(0);
    socket.setLinger(0);
    if (heartbeatMillis > 0) {
      socket.setHeartbeatIvl(heartbeatMillis);
      socket.setHeartbeatTimeout(20 * heartbeatMillis);
    }
    socket.bind(endpoint);
    return socket;
  }

  private void run() {
    try (ZMQ.Poller poller = context.createPoller(2)) {
      poller.register(router, ZMQ.Poller.POLLIN);
      poller.register(xpub, ZMQ.Poller.POLLIN);
      while (!stopped.get()) {
        poller.poll(20);
        if (poller.pollin(1)) {
          welcome(xpub.recv());
        }
        if (poller.pollin(0)) {
          answer();
        }
      }
    }
    context.close();
  }

  private void welcome(byte[] subscription) {
    subscriptions.add(subscription);
    if (subscription.length > 0 && subscription[0] == 1) {
      String topic = new String(subscription, 1, subscription.length - 1, US_ASCII);
      send(xpub, List.of(topic.getBytes(US_ASCII), "welcome".getBytes(US_ASCII)));
    }
  }

  private void answer() {
    List<byte[]> message = new ArrayList<>();
    do {
      message.add(router.recv());
    } while (router.hasReceiveMore());
    byte[] client = message.get(0);
    String request = new String(message.get(1), US_ASCII);
    List<byte[]> arguments = message.subList(2, message.size());
    switch (request) {
      case "ECHO" -> reply(client, arguments);
      case "WHO" -> reply(client, List.of(client));
      case "FLOOD" -> {
        byte[] body = new byte[number(arguments.get(1))];
        for (int i = 0; i < number(arguments.get(0)); i++) {
          reply(client, List.of(Integer.toString(i).getBytes(US_ASCII), body));
        }
      }
      case "PUBLISH" -> {
        byte[] body = new byte[number(arguments.get(2))];
        for (int i = 0; i < number(arguments.get(0)); i++) {
          List<byte[]> parts =
              List.of(arguments.get(1), Integer.toString(i).getBytes(US_ASCII), body);
          send(pub, parts);
          send(xpub, parts);
        }
        reply(client, List.of("published".getBytes(US_ASCII)));
      }
      case "SUBSCRIPTIONS" -> {
        List<byte[]> parts = new ArrayList<>(List.of(new byte[0]));
        parts.addAll(subscriptions);
        reply(client, parts);
      }
      default -> throw new IllegalArgumentException(request);
    }
  }

  private void reply(byte[] client, List<byte[]> parts) {
    router.sendMore(client);
    send(router, parts);
  }

  private static void send(ZMQ.Socket socket, List<byte[]> parts) {
    for (byte[] part : parts.subList(0, parts.size() - 1)) {
      socket.sendMore(part);
    }
    socket.send(parts.getLast());
  }

  private static int number(byte[] text) {
    return Integer.parseInt(new String(text, US_ASCII));
  }

  @Override
  public ZmtpAddress router() {
    return addresses.get(0);
  }

  @Override
  public ZmtpAddress pub() {
    return addresses.get(1);
  }

  @Override
  public ZmtpAddress xpub() {
    return addresses.get(2);
  }

  @Override
  public void close() {
    stopped.set(true);
    try {
      loop.join();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while the peer ended", e);
    }
  }
}
