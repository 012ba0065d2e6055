// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.api.Labels;
import io.elasticjupyter.kernels.replicas.Replica;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeenLeasesTest {

  private static final ZonedDateTime NOON =
      ZonedDateTime.of(2026, 1, 1, 12, 0, 0, 0, ZoneOffset.UTC);

  private final AtomicLong now = new AtomicLong();
  private final SeenLeases seen = new SeenLeases(Duration.ofSeconds(6), now::get);

  private static Lease lease(String name, ZonedDateTime renewed) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(name)
        .addToAnnotations(Labels.REPLICA_ADDRESS, "10.0.0.1:8879")
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity("one")
        .withRenewTime(renewed)
        .endSpec()
        .build();
  }

  private void pass(int seconds) {
    long _ = now.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private List<String> live() {
    return seen.liveBut("self", true).stream().map(Replica::name).toList();
  }

  @Test
  void aReplicaLivesAsLongAsItsLeaseChanges() {
    seen.saw(lease("a", NOON));
    pass(5);
    seen.saw(lease("a", NOON.plusSeconds(5)));
    pass(5);
    assertThat(live()).containsExactly("a");

    pass(2);

    assertThat(live()).isEmpty();
  }

  @Test
  void aLeaseThatIsSeenAgainAsItWasIsNoSignOfLife() {
    seen.saw(lease("a", NOON));
    pass(5);
    seen.saw(lease("a", NOON));
    pass(2);

    assertThat(live()).isEmpty();
  }

  @Test
  void timesOfOtherClocksMeanNothing() {
    seen.saw(lease("late", NOON.minusYears(1)));
    seen.saw(lease("early", NOON.plusYears(1)));

    assertThat(live()).containsExactlyInAnyOrder("late", "early");
  }

  @Test
  void nobodyIsTakenForDeadByWhoHearsNothing() {
    seen.saw(lease("a", NOON));
    pass(600);

    assertThat(seen.liveBut("self", false)).extracting(Replica::name).containsExactly("a");

    seen.giveTheWholeTime();
    pass(5);
    assertThat(live()).containsExactly("a");
    pass(2);
    assertThat(live()).isEmpty();
  }

  @Test
  void oneThatLeavesSaysSoAndOneThatHasLeftIsGone() {
    Lease leaving =
        new LeaseBuilder(lease("a", NOON))
            .editMetadata()
            .addToAnnotations(Labels.REPLICA_LEAVING, "true")
            .endMetadata()
            .build();
    seen.saw(leaving);
    assertThat(seen.liveBut("self", true)).singleElement().returns(true, Replica::leaving);

    seen.gone("a");

    assertThat(live()).isEmpty();
  }

  @Test
  void aLeaseOfSomethingElseIsNoReplica() {
    seen.saw(
        new LeaseBuilder(lease("a", NOON))
            .editMetadata()
            .withAnnotations(null)
            .endMetadata()
            .build());
    seen.saw(lease("self", NOON));

    assertThat(live()).isEmpty();
  }

  @Test
  void thoseThatAreLongSilentAreFoundForRemoval() {
    seen.saw(lease("dead", NOON));
    pass(590);
    seen.saw(lease("lives", NOON));
    pass(20);

    assertThat(seen.silentFor(Duration.ofMinutes(10)))
        .extracting(each -> each.getMetadata().getName())
        .containsExactly("dead");
  }
}
