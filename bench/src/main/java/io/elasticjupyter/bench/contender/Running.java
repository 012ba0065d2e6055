// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A contender that was started. */
public interface Running extends AutoCloseable {

  /** Starts a kernel; safe to call from several threads. */
  KernelHandle startKernel(Spec spec) throws IOException;

  /** How long it took from the start of its process until it answered; zero for raw. */
  Duration readyAfter();

  /** The gateway's own process without its kernels; empty for raw. */
  Optional<GatewayProcess> process();

  @Override
  void close() throws IOException;
}
