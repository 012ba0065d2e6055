// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store says is in it. */
class ObjectListingTest {

  private static ObjectListing read(String xml) throws IOException {
    return ObjectListing.read(xml.getBytes(UTF_8));
  }

  @Test
  void aPageThatIsNotTheLast() throws Exception {
    ObjectListing page =
        read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
              <Name>b</Name><IsTruncated>true</IsTruncated>
              <NextContinuationToken>more&amp;more</NextContinuationToken>
              <Contents><Key>a&amp;b</Key><LastModified>2026-11-28T17:25:45.000Z</LastModified>
                <ETag>"x"</ETag><Size>500</Size><Owner><ID>1</ID><Key>other</Key></Owner></Contents>
              <Contents><Key>c</Key><LastModified>2026-11-28T17:25:46Z</LastModified><Size>0</Size></Contents>
              <CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>
            </ListBucketResult>
            """);

    assertThat(page.objects())
        .containsExactly(
            new ListedObject("a&b", 500, Instant.parse("2026-11-28T17:25:45Z")),
            new ListedObject("c", 0, Instant.parse("2026-11-28T17:25:46Z")));
    assertThat(page.next()).hasValue("more&more");
  }

  @Test
  void theLastPageHasNoNext() throws Exception {
    ObjectListing page =
        read("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");

    assertThat(page.objects()).isEmpty();
    assertThat(page.next()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no XML",
        "<html></html>",
        "<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>a</Key><Size>many</Size></Contents></ListBucketResult>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><ListBucketResult><Contents><Key>&e;</Key>"
            + "<Size>1</Size><LastModified>2026-11-28T17:25:46Z</LastModified></Contents></ListBucketResult>"
      })
  void whatIsNoListIsRefused(String xml) {
    assertThatThrownBy(() -> read(xml)).isInstanceOf(IOException.class);
  }
}
