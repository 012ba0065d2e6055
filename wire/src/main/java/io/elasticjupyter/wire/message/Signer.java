// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.message;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and checks messages with a kernel's key (Jupyter messaging protocol 5.x, "the wire
 * protocol": HMAC over header, parent header, metadata and content; buffers are not signed). An
 * empty key turns signing off, as {@code Session.key} does in jupyter_client.
 *
 * <p>Safe for any thread, without locks: a few keyed {@link Mac}s wait in slots, a thread takes the
 * one of its slot or makes a new one. Not bound to threads, since virtual threads come and go.
 */
public final class Signer {

  /** The scheme that every kernel speaks and that connection files name by default. */
  public static final String DEFAULT_SCHEME = "hmac-sha256";

  /** As many as threads usually work on one kernel at a time. A power of two. */
  private static final int SLOTS = 4;

  private static final byte[] NONE = {};
  private static final HexFormat HEX = HexFormat.of();

  private final String algorithm;
  private final SecretKeySpec key;
  private final boolean enabled;
  private final AtomicReferenceArray<Mac> idle = new AtomicReferenceArray<>(SLOTS);

  private Signer(String algorithm, SecretKeySpec key, boolean enabled) {
    this.algorithm = algorithm;
    this.key = key;
    this.enabled = enabled;
  }

  /**
   * A signer for a kernel.
   *
   * @param signatureScheme {@code hmac-} and the name of a hash in Python's {@code hashlib}
   * @param key the key's bytes as the connection file spells it; empty for none
   * @throws MessageException.UnsupportedSignatureScheme if this runtime has no such hash
   */
  public static Signer of(String signatureScheme, byte[] key) throws MessageException {
    if (key.length == 0) {
      return new Signer("", new SecretKeySpec(new byte[1], "none"), false);
    }
    String algorithm = algorithm(signatureScheme);
    Signer signer = new Signer(algorithm, new SecretKeySpec(key, algorithm), true);
    try {
      signer.give(signer.newMac());
    } catch (GeneralSecurityException _) {
      throw new MessageException.UnsupportedSignatureScheme(signatureScheme);
    }
    return signer;
  }

  private static String algorithm(String scheme) throws MessageException {
    return switch (scheme) {
      case "hmac-md5" -> "HmacMD5";
      case "hmac-sha1" -> "HmacSHA1";
      case "hmac-sha224" -> "HmacSHA224";
      case "hmac-sha256" -> "HmacSHA256";
      case "hmac-sha384" -> "HmacSHA384";
      case "hmac-sha512" -> "HmacSHA512";
      case "hmac-sha3_224" -> "HmacSHA3-224";
      case "hmac-sha3_256" -> "HmacSHA3-256";
      case "hmac-sha3_384" -> "HmacSHA3-384";
      case "hmac-sha3_512" -> "HmacSHA3-512";
      default -> throw new MessageException.UnsupportedSignatureScheme(scheme);
    };
  }

  /** The signature as it goes on the wire: lower-case hexadecimal, or empty without a key. */
  public byte[] sign(JupyterMessage message) {
    if (!enabled) {
      return NONE;
    }
    Mac mac = take();
    for (int i = 0; i < JupyterMessage.FIXED_PARTS; i++) {
      mac.update(message.part(i));
    }
    return finish(mac);
  }

  /**
   * Whether {@code signature} belongs to these parts, in time that does not depend on where it
   * differs. Always true without a key.
   *
   * @param parts header, parent header, metadata and content; what follows is not signed
   */
  public boolean verify(byte[] signature, List<byte[]> parts) {
    if (!enabled) {
      return true;
    }
    Mac mac = take();
    for (int i = 0; i < JupyterMessage.FIXED_PARTS; i++) {
      mac.update(parts.get(i));
    }
    return MessageDigest.isEqual(finish(mac), signature);
  }

  private byte[] finish(Mac mac) {
    byte[] digest = mac.doFinal();
    give(mac);
    byte[] hex = new byte[digest.length * 2];
    for (int i = 0; i < digest.length; i++) {
      hex[2 * i] = (byte) HEX.toHighHexDigit(digest[i]);
      hex[2 * i + 1] = (byte) HEX.toLowHexDigit(digest[i]);
    }
    return hex;
  }

  private Mac take() {
    Mac mac = idle.getAndSet(slot(), null);
    if (mac != null) {
      return mac;
    }
    try {
      return newMac();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the algorithm was there when the signer was made", e);
    }
  }

  private void give(Mac mac) {
    idle.setRelease(slot(), mac);
  }

  private static int slot() {
    return (int) Thread.currentThread().threadId() & (SLOTS - 1);
  }

  private Mac newMac() throws GeneralSecurityException {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(key);
    return mac;
  }
}
