// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elasticjupyter.gateway.config.KernelAccessConfig;
import io.elasticjupyter.gateway.config.RedactionConfig;
import io.elasticjupyter.gateway.errors.ApiFailure;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartVariablesTest {

  @ParameterizedTest
  @CsvSource({
    "KERNEL_ID, not-a-uuid-at-all, 400",
    "KERNEL_ID, 6b1a7c2e-0f6d-1c8e-9f3a-1d2c3b4a5f60, 400",
    "KERNEL_UID, 0, 403",
    "KERNEL_GID, 0, 403",
    "KERNEL_UID, 00, 403",
    "KERNEL_UID, -1, 400",
    "KERNEL_UID, abc, 400",
    "KERNEL_UID, 4294967296, 400",
    "KERNEL_VOLUMES, {}, 400",
    "KERNEL_VOLUMES, [1], 400",
    "KERNEL_VOLUME_MOUNTS, nonsense, 400",
  })
  void refused(String name, String value, int status) {
    ApiFailure failure =
        catchThrowableOfType(
            ApiFailure.class,
            () -> StartVariables.of(Map.of(name, value), KernelAccessConfig.defaults(), false));
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.message()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "KERNEL_UID, 1000",
    "KERNEL_GID, 4294967295",
    "KERNEL_UID, ''",
    "KERNEL_VOLUMES, []",
    "KERNEL_VOLUMES, '[{\"name\":\"v\"}]'",
    "KERNEL_ID, ''"
  })
  void accepted(String name, String value) throws ApiFailure {
    StartVariables variables =
        StartVariables.of(Map.of(name, value), KernelAccessConfig.defaults(), false);
    assertThat(variables.id()).isEmpty();
  }

  @Test
  void readsIdUserAndDirectory() throws ApiFailure {
    String id = "6b1a7c2e-0f6d-4c8e-9f3a-1d2c3b4a5f60";
    Map<String, String> env =
        Map.of("KERNEL_ID", id, "KERNEL_USERNAME", "alice", "KERNEL_WORKING_DIR", "/home/alice");
    StartVariables mirrored = StartVariables.of(env, KernelAccessConfig.defaults(), true);
    assertThat(mirrored.id().orElseThrow().value()).isEqualTo(id);
    assertThat(mirrored.username()).contains("alice");
    assertThat(mirrored.workingDirectory()).contains(Path.of("/home/alice"));
    assertThat(StartVariables.of(env, KernelAccessConfig.defaults(), false).workingDirectory())
        .isEmpty();
  }

  @Test
  void logsMaskWhatIsOrLooksSensitive() {
    Redaction redaction = new Redaction(new RedactionConfig(Set.of("KERNEL_PIN"), "***"));
    assertThat(
            redaction.shown(
                Map.of("KERNEL_PIN", "1", "AWS_SECRET_KEY", "2", "my_token", "3", "KERNEL_A", "4")))
        .containsEntry("KERNEL_PIN", "***")
        .containsEntry("AWS_SECRET_KEY", "***")
        .containsEntry("my_token", "***")
        .containsEntry("KERNEL_A", "4");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-24T10:00:05Z, 2026-11-24T10:00:05.000000Z",
    "2026-11-24T10:00:05.123456789Z, 2026-11-24T10:00:05.123456Z"
  })
  void timesHaveTheFixedPatternThatClientsRead(String time, String written) {
    assertThat(Timestamp.of(Instant.parse(time))).isEqualTo(written);
  }
}
