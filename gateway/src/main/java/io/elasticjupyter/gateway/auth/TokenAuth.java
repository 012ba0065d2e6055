// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.auth;

import io.elasticjupyter.gateway.config.AuthConfig;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The token that every request must carry: in the query ({@code token}, which wins: a wrong one
 * there fails even with a right header), or as {@code Authorization: token VALUE}, or {@code Bearer
 * VALUE}, which some clients send.
 */
public final class TokenAuth {

  /** When somebody who guessed too often may do so again, at the latest. */
  public static final Duration RETRY_AFTER = WrongTokens.WINDOW;

  private static final String TOKEN_PREFIX = "token ";
  private static final String BEARER_PREFIX = "bearer ";

  private final Optional<byte[]> expected;
  private final WrongTokens wrong;

  public TokenAuth(AuthConfig config, InstantSource clock) {
    this.wrong = new WrongTokens(clock);
    this.expected = config.token().map(token -> token.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Lets a request through or not.
   *
   * @throws ApiFailure 401; 429 where too many wrong ones came from that address
   */
  public void check(HttpRequest request) throws ApiFailure {
    if (expected.isEmpty()) {
      return;
    }
    Optional<String> given = request.queryValue("token");
    if (given.isEmpty()) {
      given = request.headers().first("Authorization").flatMap(TokenAuth::valueOf);
    }
    if (given.isEmpty()) {
      throw ApiFailure.of(FailureCode.UNAUTHORIZED, "");
    }
    if (!MessageDigest.isEqual(expected.get(), given.get().getBytes(StandardCharsets.UTF_8))) {
      throw wrong.areTooMany(request.remote())
          ? ApiFailure.of(
              FailureCode.TOO_MANY_WRONG_TOKENS,
              "More than %d wrong tokens came from your address within a minute; the right one is let through."
                  .formatted(WrongTokens.MOST))
          : ApiFailure.of(FailureCode.UNAUTHORIZED, "");
    }
  }

  private static Optional<String> valueOf(String authorization) {
    if (authorization.startsWith(TOKEN_PREFIX)) {
      return Optional.of(authorization.substring(TOKEN_PREFIX.length()));
    }
    // The scheme's name is without case by RFC 9110 section 11.1.
    if (authorization.regionMatches(true, 0, BEARER_PREFIX, 0, BEARER_PREFIX.length())) {
      return Optional.of(authorization.substring(BEARER_PREFIX.length()).strip());
    }
    return Optional.empty();
  }
}
