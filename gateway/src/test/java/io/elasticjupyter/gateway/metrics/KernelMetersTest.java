// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.hibernation.SnapshotLimits;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage.Totals;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KernelMetersTest {

  private final Meters meters = new Meters();

  @Test
  void whatSleepingKernelsTakeStandsBesideWhatTheyMay() {
    SnapshotLimits limits = new SnapshotLimits(4_000, 9_000, Duration.ofDays(1), 5, 50);
    meters.kernelMonitor().kept(new Totals(3, 7_000, 2_500, limits));

    assertThat(meters.scrape())
        .contains(
            "elastic_jupyter_kernels_asleep 3.0",
            "elastic_jupyter_snapshot_bytes 7000.0",
            "elastic_jupyter_snapshot_limit_bytes 9000.0",
            "elastic_jupyter_snapshot_bytes_of_fullest_user 2500.0",
            "elastic_jupyter_snapshot_limit_bytes_of_user 4000.0");
  }

  @Test
  void whatLimitsDidIsCountedByTheirNames() {
    meters.kernelMonitor().snapshotRefused("user");
    meters.kernelMonitor().snapshotRefused("user");
    meters.kernelMonitor().snapshotRemoved();

    assertThat(meters.scrape())
        .contains(
            "elastic_jupyter_snapshots_refused_total{limit=\"user\"} 2.0",
            "elastic_jupyter_snapshots_removed_total 1.0");
  }
}
