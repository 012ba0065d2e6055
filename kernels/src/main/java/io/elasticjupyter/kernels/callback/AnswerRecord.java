// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.callback;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.callback.AnswerRefused.Reason;
import io.elasticjupyter.wire.json.PooledJson;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a launcher writes on its one connection.
 *
 * <p>Version 1: Base64 of the JSON {@code {version, key, conn_info}}, where {@code key} is a random
 * AES key encrypted by RSA (PKCS#1 v1.5) for the gateway, and {@code conn_info} the connection file
 * encrypted by that key (AES-128, ECB, PKCS#7).
 *
 * <p>Version 0: Base64 of the connection file encrypted by the beginning of the kernel's id, which
 * is no secret: everybody who may list kernels could forge it.
 */
final class AnswerRecord {

  /** Several times what any launcher sends. */
  static final int LONGEST = 16 * 1024;

  private static final JsonMapper MAPPER = PooledJson.mapper().build();
  private static final int AES_KEY_BYTES = 16;

  private AnswerRecord() {}

  /**
   * Reads a record of version 1.
   *
   * @throws AnswerRefused if it is anything else
   */
  static KernelAnswer read(byte[] bytes, PrivateKey privateKey) throws AnswerRefused {
    JsonNode envelope = envelope(bytes);
    if (envelope.path("version").asInt(-1) != 1) {
      throw new AnswerRefused(Reason.UNKNOWN_VERSION);
    }
    byte[] encryptedKey = decode(envelope.path("key").asText());
    byte[] encryptedDocument = decode(envelope.path("conn_info").asText());
    return KernelAnswer.parse(decrypt(encryptedKey, encryptedDocument, privateKey));
  }

  private static JsonNode envelope(byte[] bytes) throws AnswerRefused {
    byte[] text = decode(new String(bytes, US_ASCII).strip());
    JsonNode envelope;
    try {
      envelope = MAPPER.readTree(text);
    } catch (IOException _) {
      throw new AnswerRefused(
          text.length > 0 && text[0] == '{' ? Reason.NO_RECORD : oldOrNone(text));
    }
    if (envelope == null || !envelope.isObject()) {
      throw new AnswerRefused(Reason.NO_RECORD);
    }
    return envelope;
  }

  /** Whole blocks of AES that are no JSON are what version 0 looks like. */
  private static Reason oldOrNone(byte[] text) {
    return text.length > 0 && text.length % AES_KEY_BYTES == 0
        ? Reason.OLD_VERSION
        : Reason.NO_RECORD;
  }

  private static byte[] decrypt(byte[] encryptedKey, byte[] document, PrivateKey privateKey)
      throws AnswerRefused {
    try {
      Cipher rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
      rsa.init(Cipher.DECRYPT_MODE, privateKey);
      byte[] key = rsa.doFinal(encryptedKey);
      if (key.length != AES_KEY_BYTES) {
        throw new AnswerRefused(Reason.NOT_FOR_THIS_GATEWAY);
      }
      Cipher aes = Cipher.getInstance("AES/ECB/PKCS5Padding");
      aes.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"));
      return aes.doFinal(document);
    } catch (GeneralSecurityException _) {
      throw new AnswerRefused(Reason.NOT_FOR_THIS_GATEWAY);
    }
  }

  /**
   * Reads a record of version 0 as that of whichever kernel's id opens it.
   *
   * @param awaited kernels that have not answered yet
   */
  static KernelAnswer readOld(byte[] bytes, List<KernelId> awaited) throws AnswerRefused {
    byte[] encrypted = decode(new String(bytes, US_ASCII).strip());
    for (KernelId kernel : awaited) {
      if (kernel.value().length() < AES_KEY_BYTES) {
        continue;
      }
      try {
        return KernelAnswer.parse(decryptOld(encrypted, kernel), kernel);
      } catch (GeneralSecurityException | AnswerRefused _) {
        // Another's.
      }
    }
    throw new AnswerRefused(Reason.NOT_FOR_THIS_GATEWAY);
  }

  private static byte[] decryptOld(byte[] encrypted, KernelId kernel)
      throws GeneralSecurityException, AnswerRefused {
    byte[] key = kernel.value().substring(0, AES_KEY_BYTES).getBytes(US_ASCII);
    Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
    aes.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"));
    byte[] padded = aes.doFinal(encrypted);
    // Padded with a letter that the document may have as well.
    for (int end = padded.length; end > 0; end--) {
      if (padded[end - 1] == '}') {
        return Arrays.copyOf(padded, end);
      }
    }
    throw new AnswerRefused(Reason.NO_CONNECTION_FILE);
  }

  private static byte[] decode(String base64) throws AnswerRefused {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      throw new AnswerRefused(Reason.NO_RECORD);
    }
  }
}
