// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LaunchModeTest {

  @Test
  void aCommandWithAConnectionFileOrNoneIsDirect() {
    assertThat(mode(null, null)).isEqualTo(LaunchMode.DIRECT);
    assertThat(mode(List.of(), null)).isEqualTo(LaunchMode.DIRECT);
    assertThat(mode(List.of("R", "--args", "{connection_file}"), null))
        .isEqualTo(LaunchMode.DIRECT);
    assertThat(mode(List.of("run", "{connection_file}", "{response_address}"), null))
        .isEqualTo(LaunchMode.DIRECT);
  }

  @Test
  void aCommandThatNamesWhoIsToBeCalledIsCallback() {
    assertThat(mode(List.of("launch", "--to={response_address}"), null))
        .isEqualTo(LaunchMode.CALLBACK);
    assertThat(mode(List.of("launch", "{public_key}"), null)).isEqualTo(LaunchMode.CALLBACK);
  }

  @Test
  void soIsALauncherThatRunsBesideTheGateway() {
    assertThat(mode(List.of("kubeflow-launcher", "--verbose"), null))
        .isEqualTo(LaunchMode.CALLBACK);
    assertThat(mode(List.of("python", "/kernels/scripts/launch_kubernetes.py"), null))
        .isEqualTo(LaunchMode.CALLBACK);
    assertThat(mode(List.of("my-kubeflow-launcher-2"), null)).isEqualTo(LaunchMode.DIRECT);
  }

  @Test
  void whatTheKernelspecSaysWins() {
    assertThat(mode(null, LaunchMode.CALLBACK)).isEqualTo(LaunchMode.CALLBACK);
    assertThat(mode(List.of("{public_key}"), LaunchMode.DIRECT)).isEqualTo(LaunchMode.DIRECT);
  }

  private static LaunchMode mode(@Nullable List<String> command, @Nullable LaunchMode given) {
    return LaunchMode.of(
        new JupyterKernelSpecSpec(
            "python", null, null, null, command, given, null, null, null, null, null, null, null));
  }
}
