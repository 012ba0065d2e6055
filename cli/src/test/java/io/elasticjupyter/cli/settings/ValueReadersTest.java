// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ValueReadersTest {

  @Test
  void secondsMayHaveAFraction() throws BadValue {
    assertThat(ValueReaders.seconds("0")).isEqualTo(Duration.ZERO);
    assertThat(ValueReaders.seconds(" 1.5 ")).isEqualTo(Duration.ofMillis(1500));
    assertThat(ValueReaders.seconds("43200")).isEqualTo(Duration.ofHours(12));
    assertThat(ValueReaders.inSeconds(Duration.ofMillis(1500))).isEqualTo("1.5");
    assertThat(ValueReaders.inSeconds(Duration.ofMinutes(5))).isEqualTo("300");
  }

  @Test
  void secondsAreNeitherNegativeNorEndlessNorWords() {
    for (String text : List.of("-1", "", "ten", "1e99", "NaN", "5m")) {
      refused(() -> ValueReaders.seconds(text), "number of seconds");
    }
    refused(() -> ValueReaders.positiveSeconds("0"), "more than 0");
  }

  @Test
  void sizesTakeSuffixesOfPowersOfTwo() throws BadValue {
    assertThat(ValueReaders.bytes("0")).isZero();
    assertThat(ValueReaders.bytes("1048576")).isEqualTo(1 << 20);
    assertThat(ValueReaders.bytes("512K")).isEqualTo(512 << 10);
    assertThat(ValueReaders.bytes("64m")).isEqualTo(64L << 20);
    assertThat(ValueReaders.bytes("2 GiB")).isEqualTo(2L << 30);
  }

  @Test
  void sizesThatAreNoneAreRefused() {
    for (String text : List.of("", "-1", "1.5G", "lots", "1X")) {
      refused(() -> ValueReaders.bytes(text), "size in bytes");
    }
    refused(() -> ValueReaders.bytes("999999999999999T"), "more than can be counted");
  }

  @Test
  void flagsAreWordsOfAllTheUsualKinds() throws BadValue {
    for (String text : List.of("true", "True", "1", "yes", "on")) {
      assertThat(ValueReaders.flag(text)).isTrue();
    }
    for (String text : List.of("false", "False", "0", "no", "off")) {
      assertThat(ValueReaders.flag(text)).isFalse();
    }
    refused(() -> ValueReaders.flag("perhaps"), "true or false");
  }

  @Test
  void numbersKeepTheirBounds() throws BadValue {
    assertThat(ValueReaders.number(0, 65_535).read("65535")).isEqualTo(65_535);
    refused(() -> ValueReaders.number(0, 65_535).read("65536"), "from 0 to 65535");
    refused(() -> ValueReaders.number(1, Integer.MAX_VALUE).read("x"), "1 or more");
  }

  @Test
  void listsAreUnderstoodInTheSpellingsOfEnterpriseGateway() {
    assertThat(ValueReaders.list("")).isEmpty();
    assertThat(ValueReaders.list("a,b , c d")).containsExactly("a", "b", "c", "d");
    assertThat(ValueReaders.list("['r_kubernetes','python']"))
        .containsExactly("r_kubernetes", "python");
    assertThat(ValueReaders.list("[\"a\", \"b\"]")).containsExactly("a", "b");
  }

  @Test
  void pathsAreMadeAbsoluteAndSplitAtTheSeparator() throws BadValue {
    assertThat(ValueReaders.paths("/a" + File.pathSeparator + "/b/../c"))
        .containsExactly(Path.of("/a"), Path.of("/c"));
    assertThat(ValueReaders.path("x")).isAbsolute();
    assertThat(ValueReaders.optionalPath("")).isEmpty();
    refused(() -> ValueReaders.path(""), "must not be empty");
    refused(() -> ValueReaders.path("a\0b"), "not a path");
  }

  @Test
  void identitiesAreWholeNumbers() throws BadValue {
    assertThat(ValueReaders.longs("0, 4294967295")).containsExactly(0L, 4_294_967_295L);
    refused(() -> ValueReaders.longs("root"), "whole numbers");
  }

  @Test
  void addressesOfServersHaveAHost() throws BadValue {
    assertThat(ValueReaders.httpUrl("http://gateway.default:8888")).hasHost("gateway.default");
    refused(() -> ValueReaders.httpUrl("https://gateway"), "like http://");
    refused(() -> ValueReaders.httpUrl("gateway:8888"), "like http://");
    refused(() -> ValueReaders.httpUrl("http://a b"), "no address");
  }

  private static void refused(ThrowingCallable reading, String why) {
    assertThatExceptionOfType(BadValue.class).isThrownBy(reading).withMessageContaining(why);
  }
}
