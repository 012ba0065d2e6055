// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner;

/**
 * How a process is found again after the gateway was restarted.
 *
 * @param pid its process id, and that of its group; in Kubernetes the number of its run
 * @param startMillis when it was started, since another process may have the id by now
 */
public record ProcessRecord(long pid, long startMillis) {}
