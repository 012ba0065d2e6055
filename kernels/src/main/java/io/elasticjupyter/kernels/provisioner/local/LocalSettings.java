// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import io.elasticjupyter.wire.connection.Transport;
import io.elasticjupyter.wire.kernelspec.PythonEnvironment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How kernels run on this machine.
 *
 * @param transport TCP ports on loopback, or Unix domain sockets, which no other user can reach and
 *     which cannot be taken by somebody else between choice and use
 * @param ip address that kernels listen on with TCP
 * @param socketFolder where Unix domain sockets are, with a short path, since a system allows about
 *     100 bytes
 * @param python the environment whose interpreter {@code python} of a kernelspec means
 * @param workingDirectory where kernels start for which nothing else is said
 * @param inheritedEnvironment what kernels get of the gateway's own environment
 * @param maxOutputFileBytes size at which a kernel's file of standard output and error is emptied
 */
public record LocalSettings(
    Transport transport,
    String ip,
    Path socketFolder,
    Optional<PythonEnvironment> python,
    Path workingDirectory,
    Map<String, String> inheritedEnvironment,
    long maxOutputFileBytes) {

  public LocalSettings {
    inheritedEnvironment = Map.copyOf(inheritedEnvironment);
  }
}
