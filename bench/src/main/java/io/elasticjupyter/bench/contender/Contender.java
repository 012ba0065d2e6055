// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

/** Who is measured. */
public enum Contender {
  RAW("raw", "raw ZeroMQ"),
  OURS("ours", "ours"),
  OURS_LEGACY("ours-legacy", "ours, legacy framing"),
  JUPYTER_SERVER("js", "jupyter_server, limits off"),
  JUPYTER_SERVER_LIMITED("js-limited", "jupyter_server, default limits"),
  KERNEL_GATEWAY("kg", "Kernel Gateway, limits off"),
  ENTERPRISE_GATEWAY("eg", "Enterprise Gateway");

  private final String key;
  private final String title;

  Contender(String key, String title) {
    this.key = key;
    this.title = title;
  }

  /** The name on the command line. */
  public String key() {
    return key;
  }

  /** The name in the tables. */
  public String title() {
    return title;
  }

  /** Whether it counts when the best peer is looked for: a peer with its rate limits off. */
  public boolean isPeer() {
    return switch (this) {
      case JUPYTER_SERVER, KERNEL_GATEWAY, ENTERPRISE_GATEWAY -> true;
      case RAW, OURS, OURS_LEGACY, JUPYTER_SERVER_LIMITED -> false;
    };
  }
}
