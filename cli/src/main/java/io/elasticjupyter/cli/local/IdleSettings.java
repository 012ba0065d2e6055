// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape.Flag;
import io.elasticjupyter.cli.settings.Setting.Shape.One;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import java.time.Duration;
import java.util.List;

/** When an idle kernel is stopped, and how much output is kept for clients that are away. */
public final class IdleSettings {

  public static final Setting<Duration> CULL_IDLE_TIMEOUT =
      Setting.of(
          "--cull-idle-timeout",
          new One("SECONDS"),
          "0",
          ValueReaders::seconds,
          "Stop a kernel that has been idle for this long; its variables are lost. A kernelspec's"
              + " metadata.cull_idle_timeout overrides it. 0 never stops one.");

  public static final Setting<Duration> CULL_INTERVAL =
      Setting.of(
          "--cull-interval",
          new One("SECONDS"),
          "300",
          ValueReaders::seconds,
          "How often the idle rule looks at the kernels.");

  public static final Setting<Boolean> CULL_CONNECTED =
      Setting.of(
          "--cull-connected",
          new Flag(),
          "false",
          ValueReaders::flag,
          "Also stop idle kernels that a client is connected to, such as an open notebook.");

  public static final Setting<Boolean> CULL_BUSY =
      Setting.of(
          "--cull-busy",
          new Flag(),
          "false",
          ValueReaders::flag,
          "Also stop kernels that are busy but have published nothing for that long.");

  public static final Setting<Duration> CULL_MINIMUM_RUN_TIME =
      Setting.of(
          "--cull-minimum-run-time",
          new One("SECONDS"),
          "0",
          ValueReaders::seconds,
          "Leave a kernel alone for this long after its start.");

  public static final Setting<Long> OUTPUT_MEMORY_BYTES =
      Setting.of(
          "--output-memory-bytes",
          new One("SIZE"),
          "4M",
          ValueReaders::bytes,
          "Output of one kernel that is kept in memory for clients that have not taken it; more"
              + " goes to disk.");

  public static final Setting<Long> OUTPUT_DISK_BYTES =
      Setting.of(
          "--output-disk-bytes",
          new One("SIZE"),
          "1G",
          ValueReaders::bytes,
          "Output of one kernel that is kept on disk; over it the oldest is cut away, and the"
              + " client is told how much is missing.");

  static final SettingGroup IDLE =
      new SettingGroup(
          "Idle kernels",
          List.of(
              CULL_IDLE_TIMEOUT, CULL_INTERVAL, CULL_CONNECTED, CULL_BUSY, CULL_MINIMUM_RUN_TIME));

  static final SettingGroup OUTPUT =
      new SettingGroup(
          "Output that no client has taken yet", List.of(OUTPUT_MEMORY_BYTES, OUTPUT_DISK_BYTES));

  private IdleSettings() {}
}
