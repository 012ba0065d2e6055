// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.Kernels;
import io.elasticjupyter.kernels.StartRequest;
import java.util.List;
import java.util.Optional;

/** Until the kernels room has its own: a machine without kernels. */
record StandInKernels(KernelsPlan plan) implements Kernels {

  @Override
  public Kernel start(StartRequest request) throws KernelFailure {
    throw new KernelFailure.LaunchFailed("This gateway has no kernels yet.");
  }

  @Override
  public List<Kernel> all() {
    return List.of();
  }

  @Override
  public Optional<Kernel> find(KernelId id) {
    return Optional.empty();
  }

  @Override
  public boolean delete(KernelId id) {
    return false;
  }
}
