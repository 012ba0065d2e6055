// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a gateway knows of a kernel but its output log: what the next one needs of it.
 *
 * @param requests the cells in flight, in the journal's form
 * @param held what waits for the kernel, in the log's form
 */
public record KernelState(
    KernelRecord kernel, ClientsRecord clients, byte[] requests, byte[] held) {

  public KernelState {
    // What comes from another gateway may lack what its type promises.
    requireNonNull(kernel, "kernel");
    requireNonNull(clients, "clients");
    requireNonNull(requests, "requests");
    requireNonNull(held, "held");
  }

  /**
   * What of a state differs from the one before; nothing of it is null in the first.
   *
   * @param kernel null where it is as before; the others likewise
   */
  public record Change(
      @Nullable KernelRecord kernel,
      @Nullable ClientsRecord clients,
      byte @Nullable [] requests,
      byte @Nullable [] held) {}

  /** What to tell somebody who knows the state before; null: who knows nothing. */
  public Change since(@Nullable KernelState before) {
    return before == null
        ? new Change(kernel, clients, requests, held)
        : new Change(
            kernel.equals(before.kernel) ? null : kernel,
            clients.equals(before.clients) ? null : clients,
            Arrays.equals(requests, before.requests) ? null : requests,
            Arrays.equals(held, before.held) ? null : held);
  }

  /**
   * The state after a change.
   *
   * @throws IOException if the change lacks something that there was nothing of before
   */
  public static KernelState after(@Nullable KernelState before, Change change) throws IOException {
    try {
      return new KernelState(
          requireNonNull(
              change.kernel() != null || before == null ? change.kernel() : before.kernel),
          requireNonNull(
              change.clients() != null || before == null ? change.clients() : before.clients),
          requireNonNull(
              change.requests() != null || before == null ? change.requests() : before.requests),
          requireNonNull(change.held() != null || before == null ? change.held() : before.held));
    } catch (NullPointerException e) {
      throw new IOException("the first of a kernel's states lacks a part", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KernelState(var k, var c, var r, var h)
        && kernel.equals(k)
        && clients.equals(c)
        && Arrays.equals(requests, r)
        && Arrays.equals(held, h);
  }

  @Override
  public int hashCode() {
    return kernel.hashCode() * 31 + clients.hashCode();
  }
}
