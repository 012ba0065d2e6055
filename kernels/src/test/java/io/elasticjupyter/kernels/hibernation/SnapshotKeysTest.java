// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.kernels.KernelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotKeysTest {

  private static final KernelId ONE = new KernelId("00000000-0000-4000-8000-000000000001");
  private static final KernelId TWO = new KernelId("00000000-0000-4000-8000-000000000002");

  @TempDir Path state;

  private SnapshotKeys keys() throws IOException {
    return SnapshotKeys.inDirectory(state, new SecureRandom());
  }

  @Test
  void areTheSameOverARestartAndOthersForOtherSnapshots() throws IOException {
    byte[] key = keys().of(ONE, 1);

    assertThat(keys().of(ONE, 1)).isEqualTo(key).hasSize(32);
    assertThat(keys().of(ONE, 2)).isNotEqualTo(key);
    assertThat(keys().of(TWO, 1)).isNotEqualTo(key);
  }

  @Test
  void areTheirOwnersAlone() throws IOException {
    SnapshotKeys keys = keys();

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(state.resolve("snapshot.key"))))
        .as("%s", keys)
        .isEqualTo("rw-------");
  }

  @Test
  void aDamagedSecretIsToldAndNotReplaced() throws IOException {
    Files.write(state.resolve("snapshot.key"), new byte[3]);

    assertThatThrownBy(this::keys)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("snapshot.key")
        .hasMessageContaining("Delete it");
  }
}
