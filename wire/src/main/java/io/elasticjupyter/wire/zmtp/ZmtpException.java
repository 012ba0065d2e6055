// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Why a ZMTP connection could not be made or ended. Whatever the case, the connection is closed
 * when this is thrown. The code is stable: it is in logs and metric labels.
 */
public abstract sealed class ZmtpException extends IOException {

  private final String code;

  private ZmtpException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Stable, in kebab case, for example {@code zmtp-closed}. */
  public String code() {
    return code;
  }

  /** The transport could not be connected: refused, unreachable, unknown host, or too slow. */
  public static final class ConnectFailed extends ZmtpException {
    ConnectFailed(String why, @Nullable Throwable cause) {
      super("zmtp-connect-failed", why, cause);
    }
  }

  /** The peer was connected and then did not finish its handshake in time. */
  public static final class HandshakeTimeout extends ZmtpException {
    HandshakeTimeout(String why) {
      super("zmtp-handshake-timeout", why, null);
    }
  }

  /** What answers at the address does not speak ZMTP. */
  public static final class NotZmtp extends ZmtpException {
    NotZmtp(String why) {
      super("zmtp-not-zmtp", why, null);
    }
  }

  /** The peer speaks ZMTP 1 or 2. */
  public static final class VersionTooOld extends ZmtpException {
    VersionTooOld(int major) {
      super("zmtp-version-too-old", "Peer speaks ZMTP " + major + ", 3 is needed.", null);
    }
  }

  /** The peer asks for another security mechanism than NULL. */
  public static final class MechanismMismatch extends ZmtpException {
    MechanismMismatch(String mechanism) {
      super(
          "zmtp-mechanism-mismatch",
          "Peer wants the mechanism '" + mechanism + "', only NULL is spoken here.",
          null);
    }
  }

  /** The peer's socket type does not talk to ours. */
  public static final class IncompatibleSockets extends ZmtpException {
    IncompatibleSockets(SocketType ours, String theirs) {
      super(
          "zmtp-incompatible-sockets",
          ours.wireName() + " does not talk to a peer of type '" + theirs + "'.",
          null);
    }
  }

  /** The peer sent an ERROR command. */
  public static final class PeerError extends ZmtpException {
    PeerError(String reason) {
      super("zmtp-peer-error", "Peer refused the connection: " + reason, null);
    }
  }

  /** A frame whose flags are no legal combination. */
  public static final class BadFrame extends ZmtpException {
    BadFrame(String why) {
      super("zmtp-bad-frame", why, null);
    }
  }

  /** A command that is malformed or not allowed where it came. */
  public static final class BadCommand extends ZmtpException {
    BadCommand(String why) {
      super("zmtp-bad-command", why, null);
    }
  }

  /** A message or command above the limits of {@link ZmtpOptions}; nothing of it was kept. */
  public static final class TooLarge extends ZmtpException {
    private final boolean passed;

    TooLarge(String why) {
      this(why, false);
    }

    TooLarge(String why, boolean passed) {
      super("zmtp-too-large", why, null);
      this.passed = passed;
    }

    /** Whether the message was read to its end and dropped, so that the connection goes on. */
    public boolean passed() {
      return passed;
    }
  }

  /** The connection has ended. */
  public static final class Closed extends ZmtpException {

    /** Who ended it, and whether something was cut off. */
    public enum How {
      /** The peer closed between two messages. */
      BY_PEER,
      /** The peer closed in the middle of a message, which is dropped. */
      BY_PEER_INSIDE_MESSAGE,
      /** {@link ZmtpSocket#close}, or an interrupt of a thread that was reading or writing. */
      HERE,
      /** The transport broke, for example by a reset; the cause has it. */
      BY_TRANSPORT
    }

    private final How how;

    Closed(How how) {
      this(how, null);
    }

    Closed(How how, @Nullable Throwable cause) {
      super("zmtp-closed", "Connection closed: " + how, cause);
      this.how = how;
    }

    public How how() {
      return how;
    }
  }
}
