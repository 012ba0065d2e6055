// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.callback;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.callback.AnswerRefused.Reason;
import io.elasticjupyter.testkit.SeededRandom;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AnswerRecordTest {

  @Test
  void aRecordOfARealLauncherIsRead() throws AnswerRefused {
    KernelAnswer answer = AnswerRecord.read(Records.ofLauncher(), Records.gatewayKey());

    assertThat(answer.kernel()).isEqualTo(Records.KERNEL);
    assertThat(answer.signalPort()).isEqualTo(40006);
    assertThat(answer.at("10.0.0.7"))
        .returns("10.0.0.7", info -> info.ip())
        .returns(40001, info -> info.shellPort())
        .returns(40002, info -> info.iopubPort())
        .returns(40003, info -> info.stdinPort())
        .returns(40004, info -> info.controlPort())
        .returns(40005, info -> info.hbPort())
        .returns(Records.SIGNING_KEY, info -> info.key())
        .returns("hmac-sha256", info -> info.signatureScheme());
  }

  @Test
  void anOldRecordIsReadOnlyForWhomItsKernelIsAwaited() throws AnswerRefused {
    assertThat(refusal(Records.ofOldLauncher())).isEqualTo(Reason.OLD_VERSION);

    KernelId other = new KernelId("00000000-89ad-428c-8e0d-3e61e15d79a7");
    KernelId tooShort = new KernelId("a-b-c-d-e");
    KernelAnswer answer =
        AnswerRecord.readOld(Records.ofOldLauncher(), List.of(tooShort, other, Records.KERNEL));
    assertThat(answer.kernel()).isEqualTo(Records.KERNEL);
    assertThat(answer.at("10.0.0.7").key()).isEqualTo(Records.SIGNING_KEY);
    assertThat(
            catchThrowableOfType(
                    AnswerRefused.class,
                    () -> AnswerRecord.readOld(Records.ofOldLauncher(), List.of(other)))
                .reason())
        .isEqualTo(Reason.NOT_FOR_THIS_GATEWAY);
  }

  @Test
  void aLauncherMayTakeNoSignals() throws AnswerRefused {
    KernelAnswer answer =
        AnswerRecord.read(
            Records.of(Records.document("\"comm_port\": 40006,", "")), Records.gatewayKey());

    assertThat(answer.signalPort()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "40001, 0",
        "40001, 65536",
        "40001, -1",
        "40001, `\"40001\"`",
        "40001, 4e4",
        "40006, 99999",
        "hmac-sha256, none",
        "tcp, ipc",
        "`\"secret\"`, `\"\"`",
        "`\"secret\"`, null",
        "`\"secret\"`, `\"secret\", \"curve_publickey\": \"x\"`",
        "219cfd49-89ad-428c-8e0d-3e61e15d79a7, ../../etc/passwd",
        "kernel_id, id",
      })
  void aDocumentWithOneThingWrongIsRefused(String replaced, String replacement) {
    assertThat(refusal(Records.of(Records.document(replaced, replacement))))
        .isEqualTo(Reason.NO_CONNECTION_FILE);
  }

  @Test
  void whatWasEncryptedForAnotherIsRefused() {
    byte[] damaged = Records.of(2, "{}", new byte[16]);
    assertThat(refusal(damaged)).isEqualTo(Reason.UNKNOWN_VERSION);
    assertThat(refusal(Records.of(1, "{}", new byte[24]))).isEqualTo(Reason.NOT_FOR_THIS_GATEWAY);
    assertThat(refusal(envelope("AAAA", "AAAA"))).isEqualTo(Reason.NOT_FOR_THIS_GATEWAY);
    assertThat(refusal(envelope("", ""))).isEqualTo(Reason.NOT_FOR_THIS_GATEWAY);
    assertThat(refusal(envelope("no base64!", ""))).isEqualTo(Reason.NO_RECORD);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"``", "` `", "GET / HTTP/1.1", "e30=e30=", "W10=", "bnVsbA==", "MQ==", "ey"})
  void whatIsNoRecordIsRefused(String text) {
    assertThat(refusal(text.getBytes(US_ASCII))).isIn(Reason.NO_RECORD, Reason.UNKNOWN_VERSION);
  }

  @Test
  void noDamageToARecordDoesAnythingButRefuseIt() {
    SeededRandom.check(
        300,
        random -> {
          byte[] record = Records.ofLauncher();
          record[random.between(0, record.length - 1)] = (byte) random.between(0, 255);
          try {
            assertThat(AnswerRecord.read(record, Records.gatewayKey()).toString())
                .doesNotContain(Records.SIGNING_KEY);
          } catch (AnswerRefused refused) {
            assertThat(refused.reason()).isNotNull();
          }
        });
  }

  private static byte[] envelope(String key, String document) {
    return Base64.getEncoder()
        .encode(
            "{\"version\": 1, \"key\": \"%s\", \"conn_info\": \"%s\"}"
                .formatted(key, document)
                .getBytes(US_ASCII));
  }

  private static Reason refusal(byte[] record) {
    return catchThrowableOfType(
            AnswerRefused.class, () -> AnswerRecord.read(record, Records.gatewayKey()))
        .reason();
  }
}
