// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.api.ApiGroup;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelStatus;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class OperatorMetersTest {

  private static final Map<String, Object> NOTHING = Map.of();

  private static final String QUEUE = "elastic_jupyter_operator_queue{kind=\"JupyterKernel\"} ";

  private final OperatorMeters meters = new OperatorMeters();

  @Test
  void reconcilesAreCountedByKindAndResult() {
    meters.reconciliationSucceeded(kernel("a", Stage.RUNNING), NOTHING);
    meters.reconciliationSucceeded(kernel("b", Stage.RUNNING), NOTHING);
    meters.reconciliationFailed(
        kernel("c", Stage.RUNNING), null, new IllegalStateException(), NOTHING);

    assertThat(meters.scrape().lines())
        .contains(
            "elastic_jupyter_operator_reconciles_total{kind=\"JupyterKernel\",result=\"success\"} 2.0",
            "elastic_jupyter_operator_reconciles_total{kind=\"JupyterKernel\",result=\"failure\"} 1.0");
  }

  @Test
  void kernelsAreCountedByStageAndNeverNamed() {
    meters.countKernels(() ->
        Stream.of(
            kernel("secret-name", Stage.RUNNING),
            kernel("b", Stage.PULLING_IMAGE),
            new JupyterKernel()));
    System.gc(); // a gauge that holds its source weakly is NaN afterwards

    assertThat(meters.scrape().lines())
        .contains(
            "elastic_jupyter_operator_kernels{stage=\"running\"} 1.0",
            "elastic_jupyter_operator_kernels{stage=\"pulling-image\"} 1.0",
            "elastic_jupyter_operator_kernels{stage=\"ended\"} 0.0")
        .noneMatch(line -> line.contains("secret-name"));
  }

  @Test
  void whatWasDeletedWhileItWaitedLeavesTheQueue() {
    JupyterKernel done = kernel("done", Stage.RUNNING);
    meters.reconciliationSubmitted(done, null, NOTHING);
    meters.reconciliationSubmitted(done, null, NOTHING);
    meters.reconciliationSubmitted(kernel("deleted", Stage.RUNNING), null, NOTHING);
    assertThat(meters.scrape()).contains(QUEUE + "2.0");

    meters.reconciliationFinished(done, null, NOTHING);
    meters.cleanupDone(
        new ResourceID("deleted", "team"),
        Map.of(
            Constants.RESOURCE_GVK_KEY,
            new GroupVersionKind(ApiGroup.NAME, "v1alpha1", "JupyterKernel")));

    assertThat(meters.scrape()).contains(QUEUE + "0.0");
  }

  @Test
  void whetherItLeadsIsANumber() {
    assertThat(meters.scrape()).contains("elastic_jupyter_operator_leader 0.0");

    meters.leading(true);

    assertThat(meters.scrape()).contains("elastic_jupyter_operator_leader 1.0");
  }

  private static JupyterKernel kernel(String name, Stage stage) {
    JupyterKernel kernel = new JupyterKernel();
    kernel.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace("team").build());
    kernel.setStatus(
        new KernelStatus(
            null, null, null, null, null, null, stage, null, null, null, null, null, null, null));
    return kernel;
  }
}
