// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.Kernels;
import io.elasticjupyter.kernels.StartRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Kernels without processes, for tests of the HTTP side that shall be fast. */
public final class MemoryKernels implements Kernels {

  private final Map<String, MemoryKernel> kernels = new ConcurrentSkipListMap<>();
  private final List<StartRequest> requests = new CopyOnWriteArrayList<>();
  private volatile boolean failing;

  @Override
  public Kernel start(StartRequest request) throws KernelFailure {
    requests.add(request);
    if (failing) {
      throw new KernelFailure.LaunchFailed("no such program: fail");
    }
    KernelId id = request.id().orElseThrow();
    MemoryKernel kernel = new MemoryKernel(id, request.spec().name(), request.username());
    if (kernels.putIfAbsent(id.value(), kernel) != null) {
      throw new KernelFailure.KernelExists(id);
    }
    return kernel;
  }

  /** What was asked for, in order. */
  public List<StartRequest> requests() {
    return requests;
  }

  /** From now on no kernel starts. */
  public void failStarts() {
    failing = true;
  }

  /** A kernel that is simply there. */
  public MemoryKernel running(String id) {
    MemoryKernel kernel = new MemoryKernel(new KernelId(id), "python3", "");
    kernels.put(id, kernel);
    return kernel;
  }

  public MemoryKernel kernel(String id) {
    return Optional.ofNullable(kernels.get(id)).orElseThrow();
  }

  @Override
  public List<Kernel> all() {
    return List.copyOf(kernels.values());
  }

  @Override
  public Optional<Kernel> find(KernelId id) {
    return Optional.ofNullable(kernels.get(id.value()));
  }

  @Override
  public boolean delete(KernelId id) {
    MemoryKernel kernel = kernels.remove(id.value());
    if (kernel != null) {
      kernel.end();
    }
    return kernel != null;
  }
}
