// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.kernels.idle.IdleSettings;
import io.elasticjupyter.kernels.idle.OwnIdleRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose word counts of when a kernel is idle, and what becomes of it: with a scripted kernel. */
class IdleRulesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private KernelsUnderTest gateway;

  private static KernelSettings idleAfter(Duration timeout) {
    return KernelSettings.defaults()
        .withIdle(
            new IdleSettings(
                timeout, Duration.ofMillis(100), true, false, Duration.ZERO, Duration.ofHours(2)));
  }

  @BeforeEach
  void open() throws Exception {
    gateway = new KernelsUnderTest(folder, idleAfter(Duration.ofHours(1)));
    gateway.specs.add(
        gateway.specs.scriptedSpec("patient").withMetadata(Map.of("cull_idle_timeout", 1800)));
    gateway.specs.add(
        gateway.specs.scriptedSpec("impatient").withMetadata(Map.of("cull_idle_timeout", 0.2)));
    gateway.specs.scripted("plain");
  }

  @AfterEach
  void close() throws Exception {
    gateway.close();
  }

  private boolean isThere(Kernel kernel) {
    return gateway.kernels().find(kernel.id()).isPresent();
  }

  @Test
  void theKernelsOwnRuleStandsBeforeItsKernelspecsAndThatBeforeTheGateways() throws Exception {
    Kernel plain = gateway.start("plain");
    Kernel impatient = gateway.start("impatient");
    Kernel own = gateway.start("patient", Map.of(OwnIdleRule.TIMEOUT, "0.2"));
    Kernel longer = gateway.start("impatient", Map.of(OwnIdleRule.TIMEOUT, "7200"));

    Awaitility.await().atMost(PATIENCE).until(() -> !isThere(impatient) && !isThere(own));
    assertThat(isThere(plain)).as("the gateway's hour").isTrue();
    assertThat(isThere(longer)).as("two hours of its own").isTrue();
  }

  @Test
  void theKernelsOwnRuleOutlivesTheGateway() throws Exception {
    Kernel own = gateway.start("plain", Map.of(OwnIdleRule.TIMEOUT, "7200"));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> own.model().executionState() == ExecutionState.IDLE);
    Kernel other = gateway.start("plain");
    gateway.reopen(idleAfter(Duration.ofMillis(200)));

    Awaitility.await().atMost(PATIENCE).until(() -> !isThere(other));
    assertThat(isThere(own)).isTrue();
  }

  @Test
  void aRuleBeyondTheBoundsIsRefusedBeforeAnythingStarts() {
    assertThatThrownBy(() -> gateway.start("plain", Map.of(OwnIdleRule.TIMEOUT, "7201")))
        .isInstanceOf(KernelFailure.NotAllowed.class)
        .hasMessageContaining("at most 7200 seconds");
    assertThatThrownBy(() -> gateway.start("plain", Map.of(OwnIdleRule.ON_LOSS, "pray")))
        .isInstanceOf(KernelFailure.NotAllowed.class)
        .hasMessageContaining("KERNEL_IDLE_ON_LOSS must be");
    assertThat(gateway.kernels().all()).isEmpty();
  }
}
