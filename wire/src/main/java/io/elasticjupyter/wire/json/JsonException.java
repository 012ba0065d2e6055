// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.json;

/**
 * Bytes that are not the JSON that was expected. The sentence names the place, never the content,
 * so that it may be logged and sent to clients.
 */
public final class JsonException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Problem problem;
  private final int offset;

  /** What is wrong with the bytes. */
  public enum Problem {
    /** Not JSON: RFC 8259, with the numbers that Python adds. */
    SYNTAX("is not JSON"),
    /** Bytes inside a string are not UTF-8. */
    ENCODING("is not UTF-8"),
    /** Nested deeper than {@link JsonScanner#MAX_DEPTH}. */
    DEPTH("is nested too deeply"),
    /** JSON, but of another type than was asked for. */
    TYPE("has another type than expected");

    private final String words;

    Problem(String words) {
      this.words = words;
    }
  }

  JsonException(Problem problem, int offset) {
    // Bad input is told by type and place; a stack trace would only make floods of it costly.
    super(problem.words + " at byte " + offset, null, false, false);
    this.problem = problem;
    this.offset = offset;
  }

  public Problem problem() {
    return problem;
  }

  /** Index in the array that was scanned. */
  public int offset() {
    return offset;
  }
}
