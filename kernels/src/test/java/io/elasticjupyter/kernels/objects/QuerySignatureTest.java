// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.objects.ObjectStoreSettings.Credentials;
import io.elasticjupyter.kernels.objects.QuerySignature.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signatures that others have published or made. */
class QuerySignatureTest {

  /** "Authenticating Requests: Using Query Parameters" in Amazon's reference of S3. */
  @Test
  void theExampleOfTheSpecification() {
    QuerySignature signature =
        new QuerySignature(
            "us-east-1",
            new Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));

    String target =
        signature.target(
            new Request("GET", "examplebucket.s3.amazonaws.com", "/test.txt", Map.of(), Map.of()),
            Instant.parse("2013-05-24T00:00:00Z"),
            Duration.ofDays(1));

    assertThat(target)
        .isEqualTo(
            "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
  }

  /** Made by botocore, the library of Amazon's command line. */
  @Test
  void oneWithHeadersAsBotocoreSignsIt() {
    QuerySignature signature =
        new QuerySignature("us-east-1", new Credentials("test", "secretsecret"));

    String target =
        signature.target(
            new Request(
                "PUT",
                "127.0.0.1:17070",
                "/bkt/a/b-1",
                Map.of(),
                Map.of(
                    "content-length",
                    "500",
                    "x-amz-checksum-sha256",
                    "rf63/mA9DcSiU7Hb5qzIEr6o78kMwVoVIi0YtX4701Q=")),
            Instant.parse("2026-11-28T17:25:45Z"),
            Duration.ofMinutes(1));

    assertThat(target)
        .contains("&X-Amz-SignedHeaders=content-length%3Bhost%3Bx-amz-checksum-sha256&")
        .endsWith("=e54f73e637c52983f24ac58f446421494f4f9c220c34ccafcfccb228d5f0879c");
  }

  @Test
  void namesAreEncodedAsTheStoreDoes() {
    assertThat(QuerySignature.encodedPath("/b/ä b+c~/*(1)=&.txt"))
        .isEqualTo("/b/%C3%A4%20b%2Bc~/%2A%281%29%3D%26.txt");
  }
}
