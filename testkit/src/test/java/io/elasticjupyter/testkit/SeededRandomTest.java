// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SeededRandomTest {

  @AfterEach
  void forgetTheSeed() {
    System.clearProperty(SeededRandom.SEED_PROPERTY);
  }

  @Test
  void aFailureNamesTheSeedThatBringsItBack() {
    List<Long> seen = new ArrayList<>();
    SeededRandom.Property fails =
        random -> {
          seen.add(random.anyLong());
          throw new IllegalStateException("planted");
        };
    List<String> messages = new ArrayList<>();
    assertThatThrownBy(() -> SeededRandom.check(10, fails))
        .isInstanceOf(AssertionError.class)
        .satisfies(failure -> messages.add(failure.getMessage()));
    Matcher seed = Pattern.compile("-Delastic\\.seed=(-?\\d+)").matcher(messages.getFirst());
    assertThat(seed.find()).isTrue();

    System.setProperty(SeededRandom.SEED_PROPERTY, seed.group(1));
    assertThatThrownBy(() -> SeededRandom.check(10, fails)).hasMessageContaining("planted");

    assertThat(seen).hasSize(2).containsOnly(seen.getFirst());
  }

  @Test
  void roundsDiffer() {
    Set<Long> seen = new HashSet<>();
    SeededRandom.check(50, random -> seen.add((long) random.text(40).hashCode()));
    assertThat(seen).hasSizeGreaterThan(20);
  }

  @Test
  void piecesJoinToWhatWasCut() {
    SeededRandom.check(
        200,
        random -> {
          byte[] whole = random.bytes(300);
          List<Byte> joined = new ArrayList<>();
          for (byte[] piece : random.cut(whole)) {
            assertThat(piece).isNotEmpty();
            for (byte value : piece) {
              joined.add(value);
            }
          }
          assertThat(joined).hasSize(whole.length);
          for (int index = 0; index < whole.length; index++) {
            assertThat(joined.get(index)).isEqualTo(whole[index]);
          }
        });
  }
}
