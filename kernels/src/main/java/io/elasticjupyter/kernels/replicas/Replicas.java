// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import java.util.List;
import java.util.Optional;

/** Which gateways are there. Safe for any thread; nothing here waits for a network. */
public interface Replicas {

  /** This one. */
  Replica self();

  /** Those that live as far as is known here, this one among them, sorted by name. */
  List<Replica> live();

  /**
   * Whether this one may decide about kernels that it has. Not while it cannot say that it lives:
   * others may take them for given up.
   */
  boolean mayDecide();

  /** How often this one had to stop to decide; what it knew before may be wrong since. */
  int lapses();

  /** Calls back, on some thread and soon, when any of this has changed. Called once. */
  void onChange(Runnable changed);

  /**
   * Tells the others that this one leaves: it gets no kernels any more. Blocks until they can know.
   */
  void leave();

  /** The one of that id, while it lives. */
  default Optional<Replica> find(String id) {
    return live().stream().filter(replica -> replica.id().equals(id)).findFirst();
  }
}
