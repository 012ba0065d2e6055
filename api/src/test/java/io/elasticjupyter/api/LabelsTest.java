// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LabelsTest {

  @Test
  void aNameThatFitsIsTheValueAndALongerOneIsCutToWhatKubernetesTakes() {
    assertThat(Labels.value("python3")).isEqualTo("python3");
    assertThat(Labels.value("a".repeat(63))).hasSize(63);
    assertThat(Labels.value("a".repeat(62) + "--b")).isEqualTo("a".repeat(62));
  }
}
