// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.metrics;

import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.kernels.Kernels;
import io.elasticjupyter.wire.message.Channel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Everything that the gateway counts. Labels are few by construction: no ids, names or users. Safe
 * for any thread.
 */
public final class GatewayMetrics {

  private final MeterRegistry registry;
  private final AtomicInteger connections = new AtomicInteger();
  private final Map<Channel, Traffic> toClients = new EnumMap<>(Channel.class);
  private final Map<Channel, Traffic> toKernels = new EnumMap<>(Channel.class);
  private final Map<Drop, Counter> drops = new EnumMap<>(Drop.class);

  private record Traffic(Counter messages, Counter bytes) {}

  /** Why a client's message went no further. */
  public enum Drop {
    UNKNOWN_CHANNEL,
    TYPE_NOT_ALLOWED,
    MALFORMED,
    TOO_LARGE;

    private String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public GatewayMetrics(MeterRegistry registry, Kernels kernels) {
    this.registry = registry;
    for (ExecutionState state : ExecutionState.values()) {
      Gauge.builder("elastic_jupyter_kernels", kernels, all -> count(all, state))
          .description("Kernels by what they do")
          .tag("state", state.wireName())
          .register(registry);
    }
    Gauge.builder("elastic_jupyter_connections", connections, AtomicInteger::get)
        .description("Open websockets")
        .register(registry);
    for (Channel channel : Channel.values()) {
      toClients.put(channel, traffic(channel, "to_client"));
      toKernels.put(channel, traffic(channel, "to_kernel"));
    }
    for (Drop drop : Drop.values()) {
      drops.put(drop, DroppedMessages.counter(registry, drop.label()));
    }
  }

  private Traffic traffic(Channel channel, String direction) {
    return new Traffic(
        Counter.builder("elastic_jupyter_messages")
            .description("Messages through websockets")
            .tag("channel", channel.wireName())
            .tag("direction", direction)
            .register(registry),
        Counter.builder("elastic_jupyter_message_bytes")
            .description("Bytes of messages through websockets, without framing")
            .tag("channel", channel.wireName())
            .tag("direction", direction)
            .register(registry));
  }

  private static double count(Kernels kernels, ExecutionState state) {
    int count = 0;
    for (Kernel kernel : kernels.all()) {
      if (kernel.model().executionState() == state) {
        count++;
      }
    }
    return count;
  }

  public void connectionOpened() {
    connections.incrementAndGet();
  }

  public void connectionClosed() {
    connections.decrementAndGet();
  }

  /** Messages that were written to a client. */
  public void sentToClient(Channel channel, long messages, long bytes) {
    count(toClients, channel, messages, bytes);
  }

  /** Messages that a kernel took from a client. */
  public void sentToKernel(Channel channel, long messages, long bytes) {
    count(toKernels, channel, messages, bytes);
  }

  private static void count(
      Map<Channel, Traffic> counters, Channel channel, long messages, long bytes) {
    Traffic traffic = counters.get(channel);
    if (traffic != null) {
      traffic.messages().increment((double) messages);
      traffic.bytes().increment((double) bytes);
    }
  }

  public void dropped(Drop drop) {
    Counter counter = drops.get(drop);
    if (counter != null) {
      counter.increment();
    }
  }

  /** A request that was answered; {@code route} is a template, never a path. */
  public void request(String route, String method, int status, Duration took) {
    Timer.builder("elastic_jupyter_http_requests")
        .description("Requests by route")
        .tag("route", route)
        .tag("method", KnownMethod.label(method))
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(took);
  }

  /** Methods are whatever a client writes, so only known ones become labels. */
  private static final class KnownMethod {
    private static final Set<String> KNOWN =
        Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private KnownMethod() {}

    static String label(String method) {
      return KNOWN.contains(method) ? method : "other";
    }
  }
}
