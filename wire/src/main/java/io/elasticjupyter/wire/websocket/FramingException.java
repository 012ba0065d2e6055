// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.websocket;

import io.elasticjupyter.wire.json.JsonException;

/**
 * A websocket frame that holds no message. The code is stable, for logs, metric labels and what the
 * client is told; the sentence names no content.
 */
public sealed class FramingException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String code;

  private FramingException(String code, String message) {
    // A client that sends bad frames may send many: no stack trace is filled in for them.
    super(message, null, false, false);
    this.code = code;
  }

  /** Stable, in kebab case, for example {@code bad-offsets}. */
  public String code() {
    return code;
  }

  /** A text frame where the subprotocol knows only binary ones. */
  public static final class UnexpectedText extends FramingException {
    private static final long serialVersionUID = 1L;

    public UnexpectedText() {
      super("unexpected-text", "Text frames are not part of " + V1Framing.SUBPROTOCOL + ".");
    }
  }

  /** Count or offsets that do not fit the frame. */
  public static final class BadOffsets extends FramingException {
    private static final long serialVersionUID = 1L;

    public BadOffsets(String what) {
      super("bad-offsets", "The frame's " + what + ".");
    }
  }

  /** A frame with fewer parts than a message has. */
  public static final class MissingParts extends FramingException {
    private static final long serialVersionUID = 1L;

    public MissingParts() {
      super(
          "missing-parts",
          "The frame lacks parts: channel, header, parent header, metadata and content are needed.");
    }
  }

  /** A channel that clients have not got. */
  public static final class UnknownChannel extends FramingException {
    private static final long serialVersionUID = 1L;

    public UnknownChannel() {
      super("unknown-channel", "The frame names no channel of a kernel.");
    }
  }

  /** A message without a header. */
  public static final class MissingHeader extends FramingException {
    private static final long serialVersionUID = 1L;

    public MissingHeader() {
      super("missing-header", "The message has no header.");
    }
  }

  /** A field of the message twice: readers would disagree which one counts. */
  public static final class DuplicateField extends FramingException {
    private static final long serialVersionUID = 1L;

    public DuplicateField(String field) {
      super("duplicate-field", "The message has its " + field + " twice.");
    }
  }

  /** A field that is not what belongs there. */
  public static final class BadField extends FramingException {
    private static final long serialVersionUID = 1L;

    public BadField(String field, String expected) {
      super("bad-field", "The message's " + field + " is not " + expected + ".");
    }
  }

  /** Bytes that are not the JSON that belongs there. */
  public static final class InvalidJson extends FramingException {
    private static final long serialVersionUID = 1L;

    public InvalidJson(String what, JsonException cause) {
      super(
          switch (cause.problem()) {
            case SYNTAX -> "invalid-json";
            case ENCODING -> "invalid-utf8";
            case DEPTH -> "json-too-deep";
            case TYPE -> "unexpected-json-type";
          },
          "The " + what + " " + cause.getMessage() + ".");
    }
  }
}
