// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.connection;

import java.nio.file.Path;

/** No usable connection to a kernel. The code is stable; the sentence holds no key. */
public sealed class ConnectionException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String code;

  private ConnectionException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** Stable, in kebab case, for example {@code no-free-ports}. */
  public String code() {
    return code;
  }

  /** A file that is no connection file: torn, damaged, or lacking a field. */
  public static final class InvalidFile extends ConnectionException {
    private static final long serialVersionUID = 1L;

    public InvalidFile(Path file, String why) {
      super("invalid-connection-file", "The connection file " + file + " " + why + ".");
    }
  }

  /** Every port that may be used is taken, or the address is not one of this machine. */
  public static final class NoFreePorts extends ConnectionException {
    private static final long serialVersionUID = 1L;

    public NoFreePorts(String ip, int tried) {
      super(
          "no-free-ports",
          "No free ports on "
              + ip
              + " after trying "
              + tried
              + "; is it an address of this machine?");
    }
  }

  /** A path that no Unix domain socket can have. */
  public static final class PathTooLong extends ConnectionException {
    private static final long serialVersionUID = 1L;

    public PathTooLong(Path path, int limit) {
      super(
          "ipc-path-too-long",
          "The socket path "
              + path
              + " is longer than the "
              + limit
              + " bytes that a system allows.");
    }
  }
}
