// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.log.EntryBytes;
import io.elasticjupyter.kernels.log.LogEntry;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The ways to a kernel on all channels. Safe for any thread. */
final class Gates {

  private static final Set<Channel> INWARD = Set.of(Channel.SHELL, Channel.CONTROL, Channel.STDIN);

  private final Map<Channel, Gate> gates = new EnumMap<>(Channel.class);

  Gates(Gate.Limits limits) {
    INWARD.forEach(channel -> gates.put(channel, new Gate(limits)));
  }

  /** The way on one channel; empty where nothing is sent on it. */
  Optional<Gate> find(Channel channel) {
    return Optional.ofNullable(gates.get(channel));
  }

  void open(Gate.Sender to, Consumer<JupyterMessage> onSend) {
    gates.values().forEach(gate -> gate.open(to, onSend));
  }

  void shut() {
    gates.values().forEach(Gate::shut);
  }

  /** Waits until nothing is on its way to a kernel whose messages are held. */
  boolean settle(Duration timeout) throws InterruptedException {
    for (Gate gate : gates.values()) {
      if (!gate.settle(timeout)) {
        return false;
      }
    }
    return true;
  }

  boolean holdsAny() {
    return gates.values().stream().anyMatch(Gate::holdsAny);
  }

  /** Gives up what is held, for somebody to answer. */
  List<JupyterMessage> clear() {
    List<JupyterMessage> held = new ArrayList<>();
    gates.values().forEach(gate -> held.addAll(gate.clear()));
    return held;
  }

  /** Refuses from now on; gives what was held, for somebody to answer. */
  List<JupyterMessage> refuse(String why) {
    List<JupyterMessage> held = new ArrayList<>();
    gates.values().forEach(gate -> held.addAll(gate.refuse(why)));
    return held;
  }

  /** What is held, as bytes for the next gateway; empty where nothing is. */
  byte[] heldBytes() {
    List<LogEntry> entries = new ArrayList<>();
    for (Gate gate : gates.values()) {
      for (JupyterMessage message : gate.held()) {
        entries.add(new LogEntry(entries.size() + 1, LogEntry.Kind.VITAL, null, message));
      }
    }
    return EntryBytes.of(entries);
  }

  /**
   * Holds what an earlier run of the gateway held.
   *
   * @throws IOException if the bytes are damaged; nothing is held then
   */
  List<JupyterMessage> recall(byte[] heldBytes) throws IOException {
    List<JupyterMessage> messages =
        EntryBytes.read(heldBytes).stream().map(LogEntry::message).toList();
    messages.forEach(message -> find(message.channel()).ifPresent(gate -> gate.recall(message)));
    return messages;
  }
}
