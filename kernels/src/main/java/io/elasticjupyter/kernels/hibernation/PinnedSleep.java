// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What is noted outside of the gateway when a kernel falls asleep, so that a gateway without this
 * one's state directory finds it asleep.
 *
 * @param kernelInfo what the kernel said of itself while it ran
 */
public record PinnedSleep(Snapshot snapshot, ObjectNode kernelInfo) {}
