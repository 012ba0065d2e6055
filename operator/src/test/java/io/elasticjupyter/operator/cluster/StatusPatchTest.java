// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.api.JupyterKernel;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StatusPatchTest {

  @Test
  void aSpecThatChangedWhileTheStatusWasWrittenIsLookedAtAtOnce() {
    UpdateControl<JupyterKernel> asked =
        UpdateControl.patchStatus(ofGeneration(1)).rescheduleAfter(Duration.ofSeconds(3));

    UpdateControl<JupyterKernel> next = StatusPatch.next(asked, ofGeneration(1), ofGeneration(2));

    assertThat(next.isNoUpdate()).as("it is written already").isTrue();
    assertThat(next.getScheduleDelay()).contains(0L);
  }

  @Test
  void whatTheRunAskedForStaysWhereNobodyChangedTheSpec() {
    UpdateControl<JupyterKernel> asked = UpdateControl.patchStatus(ofGeneration(1));

    assertThat(StatusPatch.next(asked, ofGeneration(1), ofGeneration(1)).getScheduleDelay())
        .as("an event that came with the answer may be lost")
        .contains(1_000L);

    asked.rescheduleAfter(Duration.ofSeconds(3));
    assertThat(StatusPatch.next(asked, ofGeneration(1), ofGeneration(1)).getScheduleDelay())
        .contains(3_000L);
  }

  private static JupyterKernel ofGeneration(long generation) {
    JupyterKernel kernel = new JupyterKernel();
    kernel.setMetadata(new ObjectMetaBuilder().withName("k").withGeneration(generation).build());
    return kernel;
  }
}
