// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.metrics;

import io.elasticjupyter.kernels.KernelMonitor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * All meters of one process, in Prometheus's shape. Made before the kernels, which are counted by
 * {@link #kernelMonitor()}, and given to the gateway, which shows them.
 */
public final class Meters {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private final KernelMeters kernelMeters = new KernelMeters(registry);

  /** Counts what kernels do. */
  public KernelMonitor kernelMonitor() {
    return kernelMeters;
  }

  /** Where more is counted. */
  public MeterRegistry registry() {
    return registry;
  }

  /** All of them in Prometheus's text format. */
  public String scrape() {
    return registry.scrape();
  }
}
