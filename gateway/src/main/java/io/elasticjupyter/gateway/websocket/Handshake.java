// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.websocket;

import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.Header;
import io.elasticjupyter.gateway.http.Headers;
import io.elasticjupyter.gateway.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The opening handshake (RFC 6455 section 4.2). No extension is ever accepted. */
public final class Handshake {

  private static final String VERSION = "13";
  private static final int KEY_BYTES = 16;
  private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private Handshake() {}

  /**
   * Checks that a request opens a websocket.
   *
   * @throws ApiFailure 400, or 426 where it asks for another version or for none
   */
  public static void check(HttpRequest request) throws ApiFailure {
    Headers headers = request.headers();
    if (!headers.lists("Upgrade", "websocket") || !headers.lists("Connection", "upgrade")) {
      throw ApiFailure.of(FailureCode.UPGRADE_REQUIRED, "Can \"Upgrade\" only to \"WebSocket\".");
    }
    if (!headers.first("Sec-WebSocket-Version").equals(Optional.of(VERSION))) {
      throw ApiFailure.of(FailureCode.UPGRADE_REQUIRED, "The websocket version must be 13.");
    }
    if (keyOf(headers).isEmpty()) {
      throw ApiFailure.of(FailureCode.MALFORMED_REQUEST, "Sec-WebSocket-Key is not a key.");
    }
  }

  private static Optional<String> keyOf(Headers headers) {
    return headers.first("Sec-WebSocket-Key").map(String::strip).filter(Handshake::isKey);
  }

  private static boolean isKey(String key) {
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * The header fields of the 101 response to a request that passed {@link #check}.
   *
   * @param subprotocol the one that is chosen among those offered
   */
  public static List<Header> answer(HttpRequest request, Optional<String> subprotocol) {
    List<Header> answer = new ArrayList<>();
    answer.add(new Header("Upgrade", "websocket"));
    answer.add(new Header("Connection", "Upgrade"));
    answer.add(new Header("Sec-WebSocket-Accept", accept(keyOf(request.headers()).orElseThrow())));
    subprotocol.ifPresent(name -> answer.add(new Header("Sec-WebSocket-Protocol", name)));
    return answer;
  }

  private static String accept(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      byte[] hash = digest.digest((key + KEY_SUFFIX).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
