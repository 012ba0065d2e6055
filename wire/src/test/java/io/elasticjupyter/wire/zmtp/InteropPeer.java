// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

/**
 * Another implementation of ZeroMQ with a ROUTER, a PUB and an XPUB. What its ROUTER answers, each
 * argument being a part of its own and numbers in decimal:
 *
 * <ul>
 *   <li>{@code ECHO parts...}: the parts
 *   <li>{@code WHO}: the identity of the client
 *   <li>{@code FLOOD count size}: so many messages of a growing number and a body
 *   <li>{@code PUBLISH count topic size}: the same from PUB and XPUB, with the topic before, then
 *       {@code published}
 *   <li>{@code SUBSCRIPTIONS}: an empty part, then what the XPUB was told
 * </ul>
 *
 * <p>The XPUB welcomes each subscriber with a message of the topic and {@code welcome}.
 */
interface InteropPeer extends AutoCloseable {

  ZmtpAddress router();

  ZmtpAddress pub();

  ZmtpAddress xpub();

  @Override
  void close();
}
