// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elasticjupyter.wire.zmtp.ZmtpException.BadCommand;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands of a peer, well formed and not. */
final class CommandTest {

  @Test
  void readyHasItsPropertiesWhateverTheCaseOfTheirNames() throws IOException {
    byte[] body =
        ZmtpBytes.start()
            .raw(5)
            .text("READY")
            .raw(ZmtpBytes.property("socket-TYPE", "ROUTER"))
            .raw(ZmtpBytes.property("Identity", ""))
            .raw(ZmtpBytes.property("X-Custom", "anything"))
            .toArray();

    assertThat(Command.parse(body))
        .isInstanceOfSatisfying(
            Command.Ready.class,
            ready -> {
              assertThat(ready.metadata().socketType()).contains("ROUTER");
              assertThat(ready.metadata().properties()).hasSize(3);
            });
  }

  @Test
  void oursAnnouncesAnIdentityOnlyWhereARouterWantsOne() {
    byte[] me = "me".getBytes(US_ASCII);
    byte[] withIdentity =
        ZmtpBytes.start()
            .raw(5)
            .text("READY")
            .raw(ZmtpBytes.property("Socket-Type", "DEALER"))
            .raw(ZmtpBytes.property("Identity", "me"))
            .toArray();
    byte[] subscriber =
        ZmtpBytes.start()
            .raw(5)
            .text("READY")
            .raw(ZmtpBytes.property("Socket-Type", "SUB"))
            .toArray();

    assertThat(Command.ready(SocketType.DEALER, me)).isEqualTo(withIdentity);
    assertThat(Command.ready(SocketType.SUB, me)).isEqualTo(subscriber);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\0",
        "\u0006READY",
        "\u0005READY\0\0\0\0\0",
        "\u0005READY\u000bSocket-Type",
        "\u0005READY\u000bSocket-Type\0\0\0",
        "\u0005READY\u000bSocket-Type\0\0\0\u0004PUB",
        "\u0005READY\u0001a\u00ff\u00ff\u00ff\u00ff",
        "\u0005READY\u0001a\u007f\u00ff\u00ff\u00ff",
        "\u0005READY\u0001a\0\0\0\0\u0001A\0\0\0\0",
        "\u0005ERROR",
        "\u0005ERROR\u0005four",
        "\u0004PING",
        "\u0004PING\0"
      })
  void malformedOnesAreRefused(String body) {
    assertThatExceptionOfType(BadCommand.class)
        .isThrownBy(() -> Command.parse(body.getBytes(ISO_8859_1)))
        .matches(failure -> failure.code().equals("zmtp-bad-command"));
  }

  @Test
  void errorHasItsReasonWithoutControlCharacters() throws IOException {
    byte[] body = "\u0005ERROR\u0009Go\u001b[2Jaway".getBytes(US_ASCII);

    assertThat(Command.parse(body)).isEqualTo(new Command.Refusal("Go?[2Jaway".substring(0, 9)));
  }

  @Test
  void pingHasItsContextCutToSixteenBytes() throws IOException {
    byte[] body = "\u0004PING\u0001\u0002abcdefghijklmnopqrst".getBytes(US_ASCII);

    assertThat(Command.parse(body))
        .isInstanceOfSatisfying(
            Command.Ping.class,
            ping -> {
              assertThat(ping.timeToLiveTenths()).isEqualTo(0x0102);
              assertThat(new String(ping.context(), US_ASCII)).isEqualTo("abcdefghijklmnop");
            });
  }

  @Test
  void pongRepeatsTheContext() {
    assertThat(new String(Command.pong("abc".getBytes(US_ASCII)), US_ASCII))
        .isEqualTo("\u0004PONGabc");
  }

  @Test
  void unknownOnesAreKeptByName() throws IOException {
    assertThat(Command.parse("\u0004JOINgroup".getBytes(US_ASCII)))
        .isEqualTo(new Command.Other("JOIN"));
  }
}
