// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class CallbackKeysTest {

  @Test
  void thePublicHalfIsOneLineThatAnyProgramReads() throws Exception {
    byte[] encoded = CallbackKeys.fresh(new SecureRandom());

    String line = CallbackKeys.publicKey(encoded);

    assertThat(line).matches("[A-Za-z0-9+/]+=*");
    RSAPublicKey read =
        (RSAPublicKey)
            KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(line)));
    RSAPrivateCrtKey key = (RSAPrivateCrtKey) CallbackKeys.privateKey(encoded);
    assertThat(read.getModulus()).isEqualTo(key.getModulus());
    assertThat(read.getModulus().bitLength()).isEqualTo(2048);
  }

  @Test
  void whatIsNoKeyIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CallbackKeys.privateKey(new byte[] {1, 2, 3}));
  }
}
