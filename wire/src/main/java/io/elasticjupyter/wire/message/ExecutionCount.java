// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.message;

import io.elasticjupyter.wire.json.JsonException;
import io.elasticjupyter.wire.json.JsonScanner;
import java.nio.charset.StandardCharsets;

/** The number in the content of an iopub {@code execute_input} message. */
public final class ExecutionCount {

  private ExecutionCount() {}

  /**
   * The {@code execution_count}; 0 where there is none, or no number.
   *
   * @throws MessageException.InvalidJson if the content is no JSON object
   */
  public static int of(byte[] content) throws MessageException {
    try {
      JsonScanner scanner = new JsonScanner(content);
      int count = 0;
      scanner.beginObject();
      while (scanner.nextField()) {
        if (scanner.nameIs("execution_count")) {
          scanner.skipValue();
          count = number(content, scanner.valueStart(), scanner.valueEnd());
        } else {
          scanner.skipValue();
        }
      }
      scanner.expectEnd();
      return count;
    } catch (JsonException e) {
      throw new MessageException.InvalidJson("content", e);
    }
  }

  private static int number(byte[] content, int start, int end) {
    String text = new String(content, start, end - start, StandardCharsets.US_ASCII);
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
  }
}
