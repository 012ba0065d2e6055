// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.message;

import io.elasticjupyter.wire.json.JsonException;

/**
 * A message that cannot be taken for one. The code is stable, for logs and metric labels; the
 * sentence names no content.
 */
public sealed class MessageException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String code;

  private MessageException(String code, String message) {
    // A peer that sends bad messages sends many: no stack trace is filled in for them.
    super(message, null, false, false);
    this.code = code;
  }

  /** Stable, in kebab case, for example {@code wrong-signature}. */
  public String code() {
    return code;
  }

  /** A part that is not JSON, or not the JSON that belongs there. */
  public static final class InvalidJson extends MessageException {
    private static final long serialVersionUID = 1L;

    public InvalidJson(String part, JsonException cause) {
      super(
          switch (cause.problem()) {
            case SYNTAX -> "invalid-json";
            case ENCODING -> "invalid-utf8";
            case DEPTH -> "json-too-deep";
            case TYPE -> "unexpected-json-type";
          },
          "The message's " + part + " " + cause.getMessage() + ".");
    }
  }

  /** ZeroMQ parts without the delimiter {@code <IDS|MSG>}. */
  public static final class MissingDelimiter extends MessageException {
    private static final long serialVersionUID = 1L;

    public MissingDelimiter() {
      super("missing-delimiter", "The message has no <IDS|MSG> delimiter.");
    }
  }

  /** Fewer parts than signature, header, parent header, metadata and content. */
  public static final class MissingParts extends MessageException {
    private static final long serialVersionUID = 1L;

    public MissingParts(int parts) {
      super(
          "missing-parts",
          "The message has " + parts + " parts after its delimiter, but at least 5 are needed.");
    }
  }

  /** Signed with another key, altered on its way, or not signed where it had to be. */
  public static final class WrongSignature extends MessageException {
    private static final long serialVersionUID = 1L;

    public WrongSignature() {
      super("wrong-signature", "The message's signature is wrong.");
    }
  }

  /** A signature scheme that this runtime cannot compute. */
  public static final class UnsupportedSignatureScheme extends MessageException {
    private static final long serialVersionUID = 1L;

    public UnsupportedSignatureScheme(String scheme) {
      super("unsupported-signature-scheme", "Unsupported signature scheme: " + scheme + ".");
    }
  }
}
