// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.util.Optional;

/**
 * A question to a kernel, so that its session is saved or restored. Used by one thread, which may
 * block.
 */
public interface SnapshotCall {

  /** Why it cannot be asked; empty where it can. Looked at before. */
  default Optional<HelperAnswer.Failed> objection() {
    return Optional.empty();
  }

  /** Where it is asked. */
  Channel channel();

  /** The content of an {@code execute_request}. */
  ObjectNode content();

  /** Whether its answer is what it prints, and not in the reply alone. */
  default boolean prints() {
    return false;
  }

  /**
   * Reads the answer.
   *
   * @param printed to stdout; empty where nobody listened
   */
  HelperAnswer read(JupyterMessage reply, String printed);

  /** Takes the right to the snapshots back. Called once, when the call is over however it ended. */
  default void end() {}
}
