// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.metrics;

import io.elasticjupyter.kernels.KernelMonitor;
import io.elasticjupyter.kernels.accounting.Use;
import io.elasticjupyter.kernels.hibernation.SnapshotLimits;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage.Totals;
import io.elasticjupyter.wire.message.Channel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;

/** Counts what the kernels room tells. Kernelspec names are few, ids never become labels. */
final class KernelMeters implements KernelMonitor {

  private final MeterRegistry registry;
  private final Timer startTimer;
  private final Timer hibernateTimer;
  private final Timer wakeTimer;
  private final Counter savedBytes;
  private final Map<Channel, Counter> toKernel = new EnumMap<>(Channel.class);
  private final Map<Channel, Counter> fromKernel = new EnumMap<>(Channel.class);
  private final Counter removed;
  private final AtomicReference<Totals> kept =
      new AtomicReference<>(new Totals(0, 0, 0, SnapshotLimits.defaults()));
  private final Counter gaps;
  private final Counter missedMessages;

  KernelMeters(MeterRegistry registry) {
    this.registry = registry;
    this.startTimer =
        Timer.builder("elastic_jupyter_kernel_start")
            .description("From the request for a kernel to its first answer")
            .serviceLevelObjectives(
                Duration.ofMillis(100),
                Duration.ofMillis(250),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofMillis(2500),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5))
            .register(registry);
    this.hibernateTimer =
        Timer.builder("elastic_jupyter_kernel_hibernate")
            .description("From the wish that an idle kernel sleeps to the end of its process")
            .register(registry);
    this.wakeTimer =
        Timer.builder("elastic_jupyter_kernel_wake")
            .description("From the message that wakes a kernel until it has its variables")
            .register(registry);
    this.savedBytes =
        Counter.builder("elastic_jupyter_kernel_saved_bytes")
            .description("What the variables of kernels that hibernated held")
            .register(registry);
    this.removed =
        Counter.builder("elastic_jupyter_snapshots_removed")
            .description("Snapshots of sleeping kernels that had become too old")
            .register(registry);
    gauge("elastic_jupyter_kernels_asleep", "Kernels that hibernate", Totals::sleeping);
    gauge("elastic_jupyter_snapshot_bytes", "What all snapshots take", Totals::bytes);
    gauge(
        "elastic_jupyter_snapshot_bytes_of_fullest_user",
        "What the snapshots of the user who has most take",
        Totals::fullestUserBytes);
    gauge(
        "elastic_jupyter_snapshot_limit_bytes",
        "What all snapshots may take; 0 is no limit",
        each -> each.limits().bytes());
    gauge(
        "elastic_jupyter_snapshot_limit_bytes_of_user",
        "What those of one user may take; 0 is no limit",
        each -> each.limits().bytesPerUser());
    for (Channel channel : Channel.values()) {
      toKernel.put(channel, messages(channel, "to_kernel"));
      fromKernel.put(channel, messages(channel, "from_kernel"));
    }
    this.gaps =
        Counter.builder("elastic_jupyter_replay_gaps")
            .description("Times a client was told that output is missing")
            .register(registry);
    this.missedMessages =
        Counter.builder("elastic_jupyter_replay_missed_messages")
            .description("Messages that a limit had taken away before their client came")
            .register(registry);
  }

  private Counter messages(Channel channel, String direction) {
    return Counter.builder("elastic_jupyter_kernel_messages")
        .description("Messages between the gateway and its kernels")
        .tag("channel", channel.wireName())
        .tag("direction", direction)
        .register(registry);
  }

  @Override
  public void started(String spec, Duration after) {
    startTimer.record(after);
  }

  @Override
  public void crashed(String spec, boolean restarted) {
    Counter.builder("elastic_jupyter_kernel_crashes")
        .description("Kernels that ended by themselves")
        .tag("restarted", Boolean.toString(restarted))
        .register(registry)
        .increment();
  }

  @Override
  public void culled(String spec) {
    Counter.builder("elastic_jupyter_kernels_culled")
        .description("Idle kernels that were stopped")
        .register(registry)
        .increment();
  }

  @Override
  public void hibernated(String spec, Duration after, long bytes) {
    hibernateTimer.record(after);
    savedBytes.increment((double) bytes);
  }

  @Override
  public void woken(String spec, Duration after) {
    wakeTimer.record(after);
  }

  @Override
  public void kept(Totals totals) {
    kept.set(totals);
  }

  @Override
  public void snapshotRefused(String limit) {
    Counter.builder("elastic_jupyter_snapshots_refused")
        .description("Times an idle kernel kept its process since a limit left no room to save it")
        .tag("limit", limit)
        .register(registry)
        .increment();
  }

  @Override
  public void snapshotRemoved() {
    removed.increment();
  }

  private void gauge(String name, String description, ToDoubleFunction<Totals> what) {
    Gauge.builder(name, kept, each -> what.applyAsDouble(each.get()))
        .description(description)
        .register(registry);
  }

  @Override
  public void held(Use use, Duration time) {
    if (use != Use.NONE) {
      Counter.builder("elastic_jupyter_kernel_seconds")
          .description("Time of kernels with what they are given, by what they do with it")
          .tag("use", use.wireName())
          .register(registry)
          .increment(time.toMillis() / 1e3);
    }
  }

  @Override
  public void toKernel(Channel channel) {
    count(toKernel, channel);
  }

  @Override
  public void fromKernel(Channel channel) {
    count(fromKernel, channel);
  }

  private static void count(Map<Channel, Counter> counters, Channel channel) {
    Counter counter = counters.get(channel);
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void dropped(Channel channel, String code) {
    DroppedMessages.counter(registry, code).increment();
  }

  @Override
  public void missed(long messages) {
    gaps.increment();
    missedMessages.increment((double) messages);
  }
}
