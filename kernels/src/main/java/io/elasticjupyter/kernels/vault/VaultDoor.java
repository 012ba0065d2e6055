// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Optional;

/**
 * How kernels come to a {@link SnapshotServer}. Safe for any thread.
 *
 * @param url where they reach it
 * @param grants the server's
 * @param tls by what they know that it is this gateway; empty only where nothing is between them
 *     and it but this machine
 */
public record VaultDoor(URI url, Grants grants, Optional<VaultTls> tls) {

  /** A door of this very machine, without TLS. */
  public static VaultDoor onLoopback(URI url, Grants grants) {
    return new VaultDoor(url, grants, Optional.empty());
  }

  /** Opens it for one call, and tells the helper in {@code store} how to come in. */
  String open(Granted granted, ObjectNode store) {
    String token = grants.open(granted);
    store.put("url", url.toString()).put("token", token);
    tls.ifPresent(each -> store.put("authority", each.current().certificatePem()));
    return token;
  }
}
