// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.idle;

import java.time.Instant;

/**
 * What the idle rule looks at, one moment's view of a kernel that runs.
 *
 * @param runningSince when it last answered for the first time
 * @param lastActivity when it last published something for a client, or a client last sent
 *     something
 * @param busy whether its own statuses say that it runs something
 * @param connections attached clients
 */
public record IdleFacts(
    Instant runningSince, Instant lastActivity, boolean busy, int connections) {}
