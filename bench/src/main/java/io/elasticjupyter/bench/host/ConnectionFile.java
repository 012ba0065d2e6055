// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a kernel learns from its connection file; values are found by pattern, not by a parser. */
record ConnectionFile(String text) {

  static ConnectionFile read(Path file) throws IOException {
    return new ConnectionFile(Files.readString(file));
  }

  String key() {
    return value("key");
  }

  /** Where to listen for a channel, {@code shell} for example. */
  SocketAddress address(String channel) {
    int port = Integer.parseInt(value(channel + "_port"));
    return switch (value("transport")) {
      case "ipc" -> UnixDomainSocketAddress.of(value("ip") + "-" + port);
      default -> new InetSocketAddress(value("ip"), port);
    };
  }

  private String value(String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*\"?([^\",}\\s]*)\"?").matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("connection file without " + name);
    }
    return matcher.group(1);
  }
}
