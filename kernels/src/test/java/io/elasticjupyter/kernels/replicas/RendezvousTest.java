// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {

  private static final List<Replica> THREE = List.of(replica("a"), replica("b"), replica("c"));
  private static final List<String> KERNELS =
      IntStream.range(0, 3_000).mapToObj(i -> "kernel-" + i).toList();

  private static Replica replica(String name) {
    return new Replica(name, "1", name + ":8879", false);
  }

  @Test
  void allComeToTheSameOrderWhateverOrderTheyKnowTheReplicasIn() {
    for (String kernel : KERNELS) {
      assertThat(Rendezvous.order(kernel, THREE.reversed()))
          .isEqualTo(Rendezvous.order(kernel, THREE));
    }
  }

  @Test
  void oneThatGoesChangesNothingForTheOthersKernels() {
    List<Replica> two = List.of(THREE.get(0), THREE.get(2));
    for (String kernel : KERNELS) {
      List<Replica> left =
          Rendezvous.order(kernel, THREE).stream()
              .filter(each -> !each.name().equals("b"))
              .toList();
      assertThat(Rendezvous.order(kernel, two)).isEqualTo(left);
    }
  }

  @Test
  void eachGetsItsShare() {
    Map<String, Long> shares =
        KERNELS.stream()
            .map(kernel -> Rendezvous.order(kernel, THREE).getFirst().name())
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

    assertThat(shares.values()).allSatisfy(share -> assertThat(share).isBetween(850L, 1_150L));
  }
}
