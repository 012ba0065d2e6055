// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

import io.elasticjupyter.gateway.errors.ApiFailure;

/** A request's body, read only when somebody wants it. */
@FunctionalInterface
public interface RequestBody {

  /**
   * Reads it to its end; blocks.
   *
   * @throws ApiFailure 413 where it is larger than the gateway takes, 408 where it does not arrive
   *     in time, 400 where it breaks off, 415 where it is encoded
   */
  byte[] read() throws ApiFailure;
}
