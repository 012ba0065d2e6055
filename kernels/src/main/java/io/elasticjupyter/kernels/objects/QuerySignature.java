// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.objects;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests to an S3-compatible store in their query (AWS Signature Version 4, "Authenticating
 * Requests: Using Query Parameters"), so that whoever has the link can make this one request, until
 * it expires, and no other. Bodies are not signed. Pure.
 */
final class QuerySignature {

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String UNRESERVED = "-_.~";

  private final String region;
  private final ObjectStoreSettings.Credentials credentials;

  QuerySignature(String region, ObjectStoreSettings.Credentials credentials) {
    this.region = region;
    this.credentials = credentials;
  }

  /**
   * What is to be signed.
   *
   * @param path not encoded
   * @param query not encoded
   * @param headers in small letters, which have to be sent as they are here; without the host
   */
  record Request(
      String method,
      String host,
      String path,
      Map<String, String> query,
      Map<String, String> headers) {}

  /** The path and the query of the request, with the signature. */
  String target(Request request, Instant now, Duration validity) {
    SortedMap<String, String> headers = new TreeMap<>(request.headers());
    headers.put("host", request.host());
    String scope = DAY.format(now) + "/" + region + "/s3/aws4_request";
    SortedMap<String, String> query = new TreeMap<>();
    request.query().forEach((name, value) -> query.put(encoded(name), encoded(value)));
    query.put("X-Amz-Algorithm", ALGORITHM);
    query.put("X-Amz-Credential", encoded(credentials.accessKey() + "/" + scope));
    query.put("X-Amz-Date", TIME.format(now));
    query.put("X-Amz-Expires", String.valueOf(validity.toSeconds()));
    query.put("X-Amz-SignedHeaders", encoded(String.join(";", headers.keySet())));
    String path = encodedPath(request.path());
    String question =
        query.entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining("&"));
    String canonical =
        String.join(
            "\n",
            request.method(),
            path,
            question,
            headers.entrySet().stream()
                .map(each -> each.getKey() + ":" + each.getValue().strip() + "\n")
                .collect(Collectors.joining()),
            String.join(";", headers.keySet()),
            "UNSIGNED-PAYLOAD");
    String toSign =
        String.join(
            "\n", ALGORITHM, TIME.format(now), scope, hex(sha256(canonical.getBytes(UTF_8))));
    return path
        + "?"
        + question
        + "&X-Amz-Signature="
        + hex(hmac(signingKey(DAY.format(now)), toSign));
  }

  private byte[] signingKey(String day) {
    byte[] ofDay = hmac(("AWS4" + credentials.secretKey()).getBytes(UTF_8), day);
    return hmac(hmac(hmac(ofDay, region), "s3"), "aws4_request");
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC with SHA-256", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** A path with its slashes, as it is sent: the store's own rule, not that of HTML forms. */
  static String encodedPath(String path) {
    return encoded(path).replace("%2F", "/");
  }

  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte each : text.getBytes(UTF_8)) {
      char letter = (char) (each & 0xff);
      boolean plain =
          (letter >= 'a' && letter <= 'z')
              || (letter >= 'A' && letter <= 'Z')
              || (letter >= '0' && letter <= '9')
              || UNRESERVED.indexOf(letter) >= 0;
      if (plain) {
        encoded.append(letter);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
      }
    }
    return encoded.toString();
  }
}
