// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class AnswerSealTest {

  private static final String PLACE = "team/jovyan-1/1";

  private final AnswerSeal seal = new AnswerSeal(new byte[32], new SecureRandom());

  @Test
  void isOpenedByTheSameGatewayForTheSameRunOnly() throws AnswerRefused {
    KernelAnswer answer = AnswerRecord.read(Records.ofLauncher(), Records.gatewayKey());

    String text = seal.close(answer, PLACE);

    assertThat(text).doesNotContain(Records.SIGNING_KEY).isNotEqualTo(seal.close(answer, PLACE));
    assertThat(new AnswerSeal(new byte[32], new SecureRandom()).open(text, PLACE)).contains(answer);
    assertThat(seal.open(text, "team/jovyan-1/2")).isEmpty();
    byte[] otherKey = new byte[32];
    otherKey[0] = 1;
    assertThat(new AnswerSeal(otherKey, new SecureRandom()).open(text, PLACE)).isEmpty();
  }

  @Test
  void anAnswerWithoutASignalPortStaysWithout() throws AnswerRefused {
    KernelAnswer answer =
        KernelAnswer.parse(
            Records.document("\"comm_port\": 40006,", "")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThat(seal.open(seal.close(answer, PLACE), PLACE)).contains(answer);
  }

  @Test
  void whatWasChangedIsNotOpened() throws AnswerRefused {
    KernelAnswer answer = AnswerRecord.read(Records.ofLauncher(), Records.gatewayKey());
    byte[] sealed = Base64.getDecoder().decode(seal.close(answer, PLACE));
    sealed[20] ^= 1;

    assertThat(seal.open(Base64.getEncoder().encodeToString(sealed), PLACE)).isEmpty();
    for (String text : new String[] {"", "AAAA", "no base64!"}) {
      assertThat(seal.open(text, PLACE)).isEmpty();
    }
  }
}
