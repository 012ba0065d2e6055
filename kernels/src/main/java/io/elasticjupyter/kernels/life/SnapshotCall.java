// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.HelperCall;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace;

/**
 * A call to save or to restore, and the helper's right to the place where snapshots are kept.
 *
 * @param access ended when the call is over
 */
record SnapshotCall(HelperCall call, SnapshotPlace.Access access) {}
