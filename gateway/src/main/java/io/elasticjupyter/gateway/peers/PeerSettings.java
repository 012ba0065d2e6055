// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.peers;

import io.elasticjupyter.gateway.config.ListenConfig;
import io.elasticjupyter.kernels.provisioner.KnownKernel;
import io.elasticjupyter.kernels.replicas.Territory;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a gateway needs to be one of several.
 *
 * @param listen where the others reach it
 * @param territory which kernels it has
 * @param peers the way to the others; closed by whoever made it
 * @param secret what they know each other by
 * @param known all kernels, as is known of those that no replica tells of
 */
public record PeerSettings(
    ListenConfig listen,
    Territory territory,
    HttpPeers peers,
    PeerSecret secret,
    Supplier<List<KnownKernel>> known) {}
