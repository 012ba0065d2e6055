// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.audience;

import io.elasticjupyter.kernels.log.Cursor;
import io.elasticjupyter.kernels.log.LogEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client as the kernel knows it, whether its websocket is there or not. Guarded by the audience's
 * lock, but for {@link #wants}, whose set is replaced and never changed.
 */
final class ClientSession {

  final String key;
  final boolean named;

  /** In the order in which they came; each has its own place in the log. */
  final List<LiveAttachment> attachments = new ArrayList<>();

  /** The most that attachments which are gone had confirmed. */
  long confirmed;

  /** Keeps what comes while the session is away; null while somebody is attached. */
  @Nullable Cursor resting;

  Instant detachedAt;

  /** When a newer session first took over what this one had missed; null: nobody has. */
  @Nullable Instant inheritedAt;

  private volatile Set<String> targets;

  ClientSession(String key, boolean named, long confirmed, Set<String> inherited, Instant now) {
    this.key = key;
    this.named = named;
    this.confirmed = confirmed;
    this.detachedAt = now;
    Set<String> all = new HashSet<>(inherited);
    all.add(key);
    this.targets = Set.copyOf(all);
  }

  /** Whether the session gets the entry: everybody's, its own, and those that it inherited. */
  boolean wants(LogEntry entry) {
    String target = entry.target();
    return target == null || targets.contains(target);
  }

  boolean isAway() {
    return attachments.isEmpty();
  }

  Set<String> targets() {
    return targets;
  }
}
