// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.websocket;

/** What a client sent, or that it sent nothing. */
public sealed interface Received {

  /** A whole text message. Whether it is UTF-8 is for its reader to check. */
  record Text(byte[] utf8) implements Received {}

  /** A whole binary message. */
  record Binary(byte[] bytes) implements Received {}

  record Ping(byte[] payload) implements Received {}

  record Pong(byte[] payload) implements Received {}

  /**
   * The client closes.
   *
   * @param code its code, 1005 where it gave none
   */
  record Close(int code) implements Received {}

  /** Nothing came within the time that was given. */
  record Quiet() implements Received {}

  /** The connection ended without a close. */
  record Lost() implements Received {}
}
