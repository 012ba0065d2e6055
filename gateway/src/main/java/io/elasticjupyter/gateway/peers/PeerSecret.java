// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.peers;

import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * What replicas of one gateway know each other by: whoever has it is let through without any other
 * check, since the replica that a client came to has made them.
 *
 * @param value derived from the gateway's key
 */
public record PeerSecret(String value) {

  private static final String SCHEME = "Bearer ";

  /** The value of the header field {@code Authorization}. */
  String authorization() {
    return SCHEME + value;
  }

  /**
   * Lets another replica through.
   *
   * @throws ApiFailure 401 for anybody else
   */
  void check(HttpRequest request) throws ApiFailure {
    Optional<String> given = request.headers().first("Authorization");
    if (given.isEmpty()
        || !MessageDigest.isEqual(
            authorization().getBytes(StandardCharsets.UTF_8),
            given.get().getBytes(StandardCharsets.UTF_8))) {
      throw ApiFailure.of(
          FailureCode.UNAUTHORIZED, "Only the replicas of this gateway are served here.");
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "PeerSecret";
  }
}
