// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.accounting.Ledger.Stretch;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");

  private final Ledger ledger = new Ledger(new HeldTime(1_000, 0, 0), START);

  private Stretch look(Use use, long second) {
    return ledger.look(use, START.plusSeconds(second));
  }

  @Test
  void timeGoesToTheUseThatWasSeenAtItsBeginning() {
    look(Use.BUSY, 0);
    look(Use.IDLE, 3);
    look(Use.IDLE, 10);
    look(Use.GIVEN_BACK, 20);

    assertThat(look(Use.BUSY, 50)).isEqualTo(new Stretch(Use.GIVEN_BACK, Duration.ofSeconds(30)));
    assertThat(ledger.held()).isEqualTo(new HeldTime(4_000, 17_000, 30_000));
  }

  @Test
  void whatStartsOrIsDeadHoldsNothing() {
    look(Use.NONE, 0);
    look(Use.NONE, 30);
    look(Use.BUSY, 40);

    assertThat(ledger.held()).isEqualTo(new HeldTime(1_000, 0, 0));
  }

  @Test
  void timeInWhichNobodyLookedGoesNowhere() {
    look(Use.IDLE, 0);
    look(Use.IDLE, 3_600);
    look(Use.IDLE, 3_601);

    assertThat(ledger.held()).isEqualTo(new HeldTime(1_000, 1_000, 0));
  }

  @Test
  void aClockThatIsSetBackTakesNothingAway() {
    look(Use.BUSY, 10);
    look(Use.BUSY, 5);
    look(Use.BUSY, 6);

    assertThat(ledger.held()).isEqualTo(new HeldTime(2_000, 0, 0));
  }
}
