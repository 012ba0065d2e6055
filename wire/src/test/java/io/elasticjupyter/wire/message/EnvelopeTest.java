// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.Golden;
import io.elasticjupyter.wire.RandomMessages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

  private static final byte[] KEY = "a-key".getBytes(UTF_8);

  @Test
  void opensAndSealsWhatJupyterClientSealed() throws IOException, MessageException {
    for (JsonNode golden : Golden.cases("signatures")) {
      Signer signer =
          Signer.of(golden.path("scheme").textValue(), Golden.bytes(golden.path("key")));
      List<byte[]> theirs = Golden.allBytes(golden.path("parts"));
      JupyterMessage message = Envelope.open(Channel.SHELL, theirs, signer);
      assertThat(message.buffers()).containsExactly("not signed".getBytes(UTF_8));
      List<byte[]> withoutIdentities = theirs.subList(2, theirs.size());
      assertThat(Envelope.seal(message, signer))
          .as(golden.path("scheme").textValue())
          .containsExactlyElementsOf(withoutIdentities);
    }
  }

  @Test
  void opensWhatItSealedBehindAnyIdentities() {
    SeededRandom.check(
        500,
        random -> {
          Signer signer = Signer.of(Signer.DEFAULT_SCHEME, random.bytes(100));
          JupyterMessage message = new RandomMessages(random).next();
          List<byte[]> parts = new ArrayList<>(random.listOf(3, () -> random.bytes(20)));
          parts.addAll(Envelope.seal(message, signer));
          JupyterMessage opened = Envelope.open(message.channel(), parts, signer);
          assertThat(RandomMessages.describe(opened)).isEqualTo(RandomMessages.describe(message));
        });
  }

  @Test
  void oneChangedBitInWhatIsSignedIsNoticed() {
    SeededRandom.check(
        500,
        random -> {
          Signer signer = Signer.of(Signer.DEFAULT_SCHEME, KEY);
          List<byte[]> parts = Envelope.seal(new RandomMessages(random).next(), signer);
          // Part 1 is the signature, 2 to 5 are signed.
          int part = random.between(1, 5);
          byte[] changed = parts.get(part).clone();
          changed[random.between(0, changed.length - 1)] ^= (byte) (1 << random.between(0, 7));
          parts.set(part, changed);
          assertThatThrownBy(() -> Envelope.open(Channel.IOPUB, parts, signer))
              .isInstanceOf(MessageException.WrongSignature.class);
        });
  }

  @Test
  void aMissingSignatureOrAnotherKeyIsNoticed() throws MessageException {
    JupyterMessage message = small();
    Signer signer = Signer.of(Signer.DEFAULT_SCHEME, KEY);
    List<byte[]> unsigned = Envelope.seal(message, Signer.of(Signer.DEFAULT_SCHEME, new byte[0]));
    List<byte[]> other = Envelope.seal(message, Signer.of(Signer.DEFAULT_SCHEME, new byte[] {1}));
    for (List<byte[]> parts : List.of(unsigned, other)) {
      assertThatThrownBy(() -> Envelope.open(Channel.SHELL, parts, signer))
          .isInstanceOf(MessageException.WrongSignature.class);
    }
  }

  @Test
  void withoutAKeyNothingIsSignedAndNothingChecked() throws MessageException {
    Signer off = Signer.of("any scheme", new byte[0]);
    List<byte[]> parts = Envelope.seal(small(), off);
    assertThat(parts.get(1)).isEmpty();
    parts.set(1, "whatever".getBytes(UTF_8));
    assertThat(Envelope.open(Channel.SHELL, parts, off).content()).isEqualTo(small().content());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hmac", "hmac-", "sha256", "hmac-blake2b", "hmac-SHA256", "HMAC-sha256"})
  void refusesASchemeThatItCannotCompute(String scheme) {
    assertThatThrownBy(() -> Signer.of(scheme, KEY))
        .isInstanceOf(MessageException.UnsupportedSignatureScheme.class);
  }

  @Test
  void refusesPartsThatAreNoMessage() throws MessageException {
    Signer signer = Signer.of(Signer.DEFAULT_SCHEME, KEY);
    List<byte[]> whole = Envelope.seal(small(), signer);
    for (int parts = 0; parts < whole.size(); parts++) {
      List<byte[]> some = whole.subList(0, parts);
      String code = parts == 0 ? "missing-delimiter" : "missing-parts";
      assertThatThrownBy(() -> Envelope.open(Channel.SHELL, some, signer))
          .isInstanceOfSatisfying(
              MessageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
  }

  @Test
  void anyPartsAreAMessageOrAPreciseFailure() {
    SeededRandom.check(
        2_000,
        random -> {
          Signer signer = Signer.of(Signer.DEFAULT_SCHEME, random.percent(50) ? KEY : new byte[0]);
          List<byte[]> parts =
              random.listOf(
                  8, () -> random.percent(30) ? "<IDS|MSG>".getBytes(UTF_8) : random.bytes(20));
          try {
            assertThat(Envelope.open(Channel.IOPUB, parts, signer).partCount())
                .isGreaterThanOrEqualTo(JupyterMessage.FIXED_PARTS);
          } catch (MessageException e) {
            assertThat(e.code()).isIn("missing-delimiter", "missing-parts", "wrong-signature");
          }
        });
  }

  @Test
  void manyThreadsSignWithOneSigner() throws Exception {
    Signer signer = Signer.of(Signer.DEFAULT_SCHEME, KEY);
    JupyterMessage message = small();
    byte[] expected = signer.sign(message);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int task = 0; task < 50; task++) {
        tasks.add(() -> {
          boolean right = true;
          for (int i = 0; i < 200; i++) {
            right &= Arrays.equals(signer.sign(message), expected);
          }
          return right;
        });
      }
      for (Future<Boolean> result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  private static JupyterMessage small() {
    byte[] object = "{}".getBytes(UTF_8);
    return new JupyterMessage(Channel.SHELL, object, object, object, object, List.of());
  }
}
