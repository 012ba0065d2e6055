// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

/** Where the operator mounts what programs read. */
public final class MountPaths {

  /** In a kernel's Pod: the folder of its connection file. */
  public static final String CONNECTION = "/var/run/elastic-jupyter/connection";

  public static final String CONNECTION_FILE = "connection.json";

  /** In a kernel's Pod: where its snapshot is fetched to, so that it can be mapped. */
  public static final String SNAPSHOT = "/var/run/elastic-jupyter/snapshot";

  /** In a kernel's Pod: its own folder of the volume for snapshots, where there is one. */
  public static final String SNAPSHOT_FOLDER = "/var/run/elastic-jupyter/snapshots";

  /** In a gateway's Pod: the whole of that volume. */
  public static final String SNAPSHOT_VOLUME = "/var/lib/elastic-jupyter-snapshots";

  /** In a gateway's Pod: the folder with its token and the key of its kernels' keys. */
  public static final String GATEWAY_SECRET = "/etc/elastic-jupyter/gateway";

  public static final String GATEWAY_TOKEN = "token";
  public static final String GATEWAY_KERNEL_KEY = "kernel-key";

  /** See {@link CallbackKeys}. */
  public static final String GATEWAY_CALLBACK_KEY = "callback-key";

  /**
   * Key and certificate of the port for snapshots, see {@link
   * io.elasticjupyter.api.certificate.ServerIdentity}.
   */
  public static final String GATEWAY_CERTIFICATE = "snapshots.pem";

  /** In a gateway's Pod: the keys of the object store for snapshots, where there is one. */
  public static final String SNAPSHOT_STORE = "/etc/elastic-jupyter/snapshot-store";

  /** In a gateway's Pod: what it remembers between two runs of its container. */
  public static final String GATEWAY_STATE = "/var/lib/elastic-jupyter";

  private MountPaths() {}
}
