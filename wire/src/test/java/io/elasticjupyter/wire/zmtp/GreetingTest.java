// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elasticjupyter.wire.zmtp.ZmtpException.Closed;
import io.elasticjupyter.wire.zmtp.ZmtpException.MechanismMismatch;
import io.elasticjupyter.wire.zmtp.ZmtpException.NotZmtp;
import io.elasticjupyter.wire.zmtp.ZmtpException.VersionTooOld;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is accepted as a greeting, and how soon anything else is recognized. */
final class GreetingTest {

  @Test
  void oursIsThatOfVersionThreePointOneWithNull() {
    assertThat(Greeting.ours()).isEqualTo(ZmtpBytes.start().greeting(3, 1, "NULL").toArray());
  }

  @Test
  void theVersionTellsHowToSubscribe() throws IOException {
    assertThat(read(ZmtpBytes.start().greeting(3, 0, "NULL")).knowsSubscribe()).isFalse();
    assertThat(read(ZmtpBytes.start().greeting(3, 1, "NULL")).knowsSubscribe()).isTrue();
    assertThat(read(ZmtpBytes.start().greeting(4, 0, "NULL")).knowsSubscribe()).isTrue();
  }

  @Test
  void paddingAndFillerMayBeAnything() throws IOException {
    byte[] bytes = ZmtpBytes.start().greeting(3, 0, "NULL").toArray();
    Arrays.fill(bytes, 1, 9, (byte) 0xaa);
    Arrays.fill(bytes, 32, 64, (byte) 0xbb);

    assertThat(read(ZmtpBytes.start().raw(bytes))).isEqualTo(new Greeting(3, 0));
  }

  @Test
  void anotherProtocolIsRecognizedByItsFirstByte() {
    assertThatExceptionOfType(NotZmtp.class)
        .isThrownBy(() -> read(ZmtpBytes.start().text("H")))
        .withMessageContaining("0x48")
        .matches(failure -> failure.code().equals("zmtp-not-zmtp"));
  }

  @Test
  void aWrongTenthByteIsRecognizedWithoutMore() {
    assertThatExceptionOfType(NotZmtp.class)
        .isThrownBy(() -> read(ZmtpBytes.start().raw(0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x00)));
  }

  @Test
  void versionTwoIsRecognizedWithoutMore() {
    assertThatExceptionOfType(VersionTooOld.class)
        .isThrownBy(() -> read(ZmtpBytes.start().raw(0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1)))
        .withMessageContaining("ZMTP 2");
  }

  @Test
  void anotherMechanismIsNamed() {
    assertThatExceptionOfType(MechanismMismatch.class)
        .isThrownBy(() -> read(ZmtpBytes.start().greeting(3, 1, "CURVE")))
        .withMessageContaining("CURVE");
  }

  @Test
  void aMechanismThatIsNoNameIsNotRepeated() {
    assertThatExceptionOfType(MechanismMismatch.class)
        .isThrownBy(() -> read(ZmtpBytes.start().greeting(3, 1, "NULL\0x")));
    assertThatExceptionOfType(MechanismMismatch.class)
        .isThrownBy(() -> read(ZmtpBytes.start().greeting(3, 1, "\u001b[2J")))
        .withMessageContaining("not printable");
  }

  @Test
  void anEndAtAnyPlaceIsAnEnd() {
    byte[] whole = ZmtpBytes.start().greeting(3, 1, "NULL").toArray();
    for (int end = 0; end < whole.length; end++) {
      byte[] cut = Arrays.copyOf(whole, end);
      assertThatExceptionOfType(Closed.class)
          .isThrownBy(() -> read(ZmtpBytes.start().raw(cut)))
          .matches(closed -> closed.how() == Closed.How.BY_PEER);
    }
  }

  private static Greeting read(ZmtpBytes bytes) throws IOException {
    return new FrameReader(new PieceSource(bytes.toArray()), ZmtpOptions.defaults()).readGreeting();
  }
}
