// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

import java.time.Duration;

/** Told of every request that was answered. */
@FunctionalInterface
public interface RequestObserver {
  /**
   * Notes one answer.
   *
   * @param route the route's template, "other" for none
   * @param method HTTP method
   * @param status answered status
   * @param took time until the answer was known
   */
  void answered(String route, String method, int status, Duration took);
}
