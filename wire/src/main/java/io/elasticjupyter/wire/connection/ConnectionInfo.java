// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.Signer;
import io.elasticjupyter.wire.zmtp.ZmtpAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What a connection file says (jupyter_client documentation, "connection files").
 *
 * @param transport what ZeroMQ runs over
 * @param ip an address, or with IPC the beginning of the sockets' paths
 * @param shellPort a TCP port, or with IPC the number at the end of the path
 * @param iopubPort likewise
 * @param stdinPort likewise
 * @param controlPort likewise
 * @param hbPort likewise, of the heartbeat
 * @param key signs messages; empty for none; as UTF-8 bytes
 * @param signatureScheme for example {@code hmac-sha256}
 * @param kernelName the kernelspec, empty where not told
 */
public record ConnectionInfo(
    Transport transport,
    String ip,
    int shellPort,
    int iopubPort,
    int stdinPort,
    int controlPort,
    int hbPort,
    String key,
    String signatureScheme,
    String kernelName) {

  private static final int KEY_BYTES = 32;

  /**
   * The longest path of a Unix domain socket: {@code sun_path} is 104 bytes on macOS and 108 on
   * Linux, with the NUL at its end.
   */
  static final int LONGEST_IPC_PATH = 103;

  /**
   * A kernel on TCP.
   *
   * @param ports five, as {@link LocalPorts#choose} gives them
   */
  public static ConnectionInfo tcp(
      String ip, LocalPorts.Chosen ports, String key, String kernelName) {
    return new ConnectionInfo(
        Transport.TCP,
        ip,
        ports.shell(),
        ports.iopub(),
        ports.stdin(),
        ports.control(),
        ports.heartbeat(),
        key,
        Signer.DEFAULT_SCHEME,
        kernelName);
  }

  /**
   * A kernel on Unix domain sockets {@code <prefix>-1} to {@code <prefix>-5}.
   *
   * @param prefix absolute, in a directory of mode 0700, and no other kernel's
   * @throws ConnectionException.PathTooLong if the system has no sockets of such paths
   */
  public static ConnectionInfo ipc(Path prefix, String key, String kernelName)
      throws ConnectionException {
    Path last = Path.of(prefix + "-5");
    if (last.toString().getBytes(UTF_8).length > LONGEST_IPC_PATH) {
      throw new ConnectionException.PathTooLong(last, LONGEST_IPC_PATH);
    }
    return new ConnectionInfo(
        Transport.IPC, prefix.toString(), 1, 2, 3, 4, 5, key, Signer.DEFAULT_SCHEME, kernelName);
  }

  /** A fresh key of 256 bits in hexadecimal. */
  public static String newKey(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return HexFormat.of().formatHex(key);
  }

  /** The port, or the number in the socket's path, of a channel. */
  public int portOf(Channel channel) {
    return switch (channel) {
      case SHELL -> shellPort;
      case CONTROL -> controlPort;
      case STDIN -> stdinPort;
      case IOPUB -> iopubPort;
    };
  }

  /** Where a client connects to for this channel. */
  public ZmtpAddress addressOf(Channel channel) {
    return address(portOf(channel));
  }

  /** Where the heartbeat answers. */
  public ZmtpAddress heartbeatAddress() {
    return address(hbPort);
  }

  private ZmtpAddress address(int port) {
    return switch (transport) {
      case TCP -> new ZmtpAddress.Tcp(reachable(ip), port);
      case IPC -> new ZmtpAddress.Ipc(Path.of(ip + "-" + port));
    };
  }

  /** A kernel that listens on all addresses of this machine is reached by loopback. */
  private static String reachable(String ip) {
    return switch (ip) {
      case "*", "0.0.0.0" -> "127.0.0.1";
      case "::" -> "::1";
      default -> ip;
    };
  }

  /** A signer with this connection's key. */
  public Signer signer() throws MessageException {
    return Signer.of(signatureScheme, key.getBytes(UTF_8));
  }

  /** Without the key: whoever has it can run code as the kernel's user. */
  @Override
  public String toString() {
    return "ConnectionInfo["
        + transport.wireName()
        + "://"
        + ip
        + ", shell="
        + shellPort
        + ", iopub="
        + iopubPort
        + ", stdin="
        + stdinPort
        + ", control="
        + controlPort
        + ", hb="
        + hbPort
        + ", kernelName="
        + kernelName
        + "]";
  }
}
