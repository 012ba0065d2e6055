// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.message;

import io.elasticjupyter.wire.json.JsonException;
import io.elasticjupyter.wire.json.JsonScanner;
import java.util.Optional;

/** The content of an iopub {@code status} message, the only content that the gateway looks into. */
public final class StatusContent {

  private StatusContent() {}

  /**
   * The {@code execution_state} that a kernel tells, usually {@code busy}, {@code idle} or {@code
   * starting}; empty where it tells none.
   *
   * @throws MessageException.InvalidJson if the content is no JSON object
   */
  public static Optional<String> executionState(byte[] content) throws MessageException {
    try {
      JsonScanner scanner = new JsonScanner(content);
      String state = "";
      scanner.beginObject();
      while (scanner.nextField()) {
        if (scanner.nameIs("execution_state")) {
          state = scanner.stringValueOrEmpty();
        } else {
          scanner.skipValue();
        }
      }
      scanner.expectEnd();
      return state.isEmpty() ? Optional.empty() : Optional.of(state);
    } catch (JsonException e) {
      throw new MessageException.InvalidJson("content", e);
    }
  }
}
