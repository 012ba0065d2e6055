// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a test class started, ended in the opposite order, also where the start of a later part
 * failed. One part that cannot be ended does not keep the others.
 */
final class Cleanup implements AutoCloseable {

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() throws Exception {
    Exception first = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception | AssertionError e) {
        Exception failure = e instanceof Exception exception ? exception : new Exception(e);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
