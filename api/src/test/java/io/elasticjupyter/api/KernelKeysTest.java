// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class KernelKeysTest {

  private static final String ID = "219cfd49-89ad-428c-8e0d-3e61e15d79a7";

  @Test
  void theSameKernelHasTheSameKeyAndEveryOtherAnother() {
    byte[] gateway = key(1);

    String kernelKey = KernelKeys.derive(gateway, "default", ID);

    assertThat(kernelKey)
        .matches("[0-9a-f]{64}")
        .isEqualTo(KernelKeys.derive(key(1), "default", ID));
    assertThat(KernelKeys.derive(key(2), "default", ID)).isNotEqualTo(kernelKey);
    assertThat(KernelKeys.derive(gateway, "other", ID)).isNotEqualTo(kernelKey);
    assertThat(KernelKeys.derive(gateway, "default", ID.replace('2', '3'))).isNotEqualTo(kernelKey);
  }

  /** Computed with Python's hmac module after RFC 5869, section 2. */
  @Test
  void theDerivationIsThatOfRfc5869() {
    assertThat(KernelKeys.derive(key(1), "default", ID))
        .isEqualTo("1764a84a6ac15d61eccee59d7a44122d2b395688e90d1cbadc48a93d4f6edd8e");
  }

  @Test
  void aShortKeyIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KernelKeys.derive(new byte[15], "default", ID));
  }

  private static byte[] key(int value) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) value);
    return key;
  }
}
