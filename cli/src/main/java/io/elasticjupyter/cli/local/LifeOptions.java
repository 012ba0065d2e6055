// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.kernels.KernelSettings;
import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.hibernation.HibernationSettings.IdleAction;
import io.elasticjupyter.kernels.hibernation.HibernationSettings.OnLoss;
import io.elasticjupyter.kernels.hibernation.SnapshotLimits;
import io.elasticjupyter.kernels.idle.IdleSettings;
import io.elasticjupyter.kernels.log.LogLimits;
import java.time.Duration;
import java.util.List;

/** The life of a kernel: its start, its idle end, and what is kept for clients that are away. */
final class LifeOptions {

  static final Setting<Duration> CULL_IDLE_TIMEOUT =
      Setting.of(
          "--cull-idle-timeout",
          Shape.one("SECONDS"),
          "0",
          ValueReaders::seconds,
          "Take back the process of a kernel that has been idle for this long, as --idle-action says. A"
              + " kernelspec's metadata.cull_idle_timeout overrides it. 0 never does.");

  static final Setting<IdleAction> IDLE_ACTION =
      Setting.of(
          "--idle-action",
          Shape.one("ACTION"),
          "hibernate",
          ValueReaders.oneOf(IdleAction.class),
          "What becomes of an idle kernel. hibernate: its variables are saved, its process ends, and the"
              + " next cell wakes it; an open notebook does not keep it awake. delete: it ends for good, as"
              + " does one whose language cannot hibernate. A kernelspec's metadata.idle_action overrides"
              + " it.");

  static final Setting<OnLoss> HIBERNATE_ON_LOSS =
      Setting.of(
          "--hibernate-on-loss",
          Shape.one("ACTION"),
          "proceed",
          ValueReaders.oneOf(OnLoss.class),
          "What is done when some variables of an idle kernel cannot be saved. proceed: it hibernates,"
              + " and its user is told which. keep-running: it keeps its process. A kernelspec's"
              + " metadata.hibernate_on_loss overrides it.");

  static final Setting<Duration> HIBERNATE_TIMEOUT =
      Setting.of(
          "--hibernate-timeout",
          Shape.one("SECONDS"),
          "600",
          ValueReaders::positiveSeconds,
          "How long saving, or restoring, a kernel's variables may take; over it the kernel runs on, or"
              + " sleeps on.");

  static final Setting<Long> HIBERNATE_MAX_BYTES =
      Setting.of(
          "--hibernate-max-bytes",
          Shape.one("SIZE"),
          "32G",
          ValueReaders::bytes,
          "Largest state of one kernel that is saved; one with more runs on. 0 is no limit.");

  static final Setting<Long> HIBERNATE_MAX_BYTES_PER_USER =
      Setting.of(
          "--hibernate-max-bytes-per-user",
          Shape.one("SIZE"),
          "128G",
          ValueReaders::bytes,
          "What the saved states of all kernels of one KERNEL_USERNAME may take; a kernel that would take"
              + " more runs on, and its user is told. 0 is no limit.");

  static final Setting<Long> HIBERNATE_MAX_BYTES_TOTAL =
      Setting.of(
          "--hibernate-max-bytes-total",
          Shape.one("SIZE"),
          "512G",
          ValueReaders::bytes,
          "The same for all kernels together.");

  static final Setting<Duration> HIBERNATE_MAX_AGE =
      Setting.of(
          "--hibernate-max-age",
          Shape.one("SECONDS"),
          "2592000",
          ValueReaders::seconds,
          "A kernel that has slept for longer loses what was saved, and its user is told when they come"
              + " back; the kernel itself goes after as long again. 0 keeps all.");

  static final Setting<Integer> MAX_SLEEPING_KERNELS =
      Setting.of(
          "--max-sleeping-kernels",
          Shape.one("COUNT"),
          "1000",
          ValueReaders.number(0, Integer.MAX_VALUE),
          "Kernels that sleep at a time, which do not count for --max-kernels; one more runs on. 0 is no"
              + " limit.");

  static final Setting<Integer> MAX_SLEEPING_KERNELS_PER_USER =
      Setting.of(
          "--max-sleeping-kernels-per-user",
          Shape.one("COUNT"),
          "100",
          ValueReaders.number(0, Integer.MAX_VALUE),
          "The same for each KERNEL_USERNAME.");

  static final Setting<Duration> CULL_IDLE_TIMEOUT_LIMIT =
      Setting.of(
          "--cull-idle-timeout-limit",
          Shape.one("SECONDS"),
          "0",
          ValueReaders::seconds,
          "The longest idle timeout that a client may ask for its own kernel, by KERNEL_IDLE_TIMEOUT or"
              + " idle.timeout in the request. One that is shorter than what holds otherwise may always"
              + " be asked; 0 allows no longer one.");

  static final Setting<Duration> CULL_INTERVAL =
      Setting.of(
          "--cull-interval",
          Shape.one("SECONDS"),
          "300",
          ValueReaders::positiveSeconds,
          "How often the idle rule looks at the kernels.");

  static final Setting<Boolean> CULL_CONNECTED =
      Setting.of(
          "--cull-connected",
          Shape.flag(),
          "false",
          ValueReaders::flag,
          "Also end idle kernels that a client is connected to, such as an open notebook. A kernel that"
              + " hibernates does so in any case.");

  static final Setting<Boolean> CULL_BUSY =
      Setting.of(
          "--cull-busy",
          Shape.flag(),
          "false",
          ValueReaders::flag,
          "Also stop kernels that are busy but have published nothing for that long.");

  static final Setting<Duration> CULL_MINIMUM_RUN_TIME =
      Setting.of(
          "--cull-minimum-run-time",
          Shape.one("SECONDS"),
          "0",
          ValueReaders::seconds,
          "Leave a kernel alone for this long after its start.");

  static final Setting<Duration> KERNEL_LAUNCH_TIMEOUT =
      Setting.of(
              "--kernel-launch-timeout",
              Shape.one("SECONDS"),
              "60",
              ValueReaders::positiveSeconds,
              "How long a kernel may take until it answers; it is dead then. A client's"
                  + " KERNEL_LAUNCH_TIMEOUT overrides it.")
          .alsoNamed("EG_KERNEL_INFO_TIMEOUT", "KG_KERNEL_INFO_TIMEOUT");

  static final Setting<Integer> KERNEL_RESTARTS =
      Setting.of(
          "--kernel-restarts",
          Shape.one("COUNT"),
          "5",
          ValueReaders.number(0, 1_000),
          "How often in a row a kernel that crashes is started again by itself.");

  static final Setting<Duration> SHUTDOWN_WAIT_TIME =
      Setting.of(
          "--shutdown-wait-time",
          Shape.one("SECONDS"),
          "5",
          ValueReaders::seconds,
          "How long a kernel may take to end itself when it is asked to, before it is signalled.");

  static final Setting<Integer> HELD_MESSAGES =
      Setting.of(
          "--held-messages",
          Shape.one("COUNT"),
          "1000",
          ValueReaders.number(1, 1_000_000),
          "Messages of clients that are held per channel while a kernel does not answer; over it"
              + " each is answered with an error.");

  static final Setting<Long> HELD_BYTES =
      Setting.of(
          "--held-bytes", Shape.one("SIZE"), "64M", ValueReaders::bytes, "The same in bytes.");

  static final Setting<Long> MAX_KERNEL_MESSAGE_BYTES =
      Setting.of(
          "--max-kernel-message-bytes",
          Shape.one("SIZE"),
          "1G",
          ValueReaders::bytes,
          "Largest message that a kernel may send.");

  static final Setting<Long> OUTPUT_MEMORY_BYTES =
      Setting.of(
          "--output-memory-bytes",
          Shape.one("SIZE"),
          "16M",
          ValueReaders::bytes,
          "Output of one kernel that is kept in memory for clients that have not taken it; more"
              + " goes to disk.");

  static final Setting<Long> OUTPUT_MEMORY_TOTAL_BYTES =
      Setting.of(
          "--output-memory-total-bytes",
          Shape.one("SIZE"),
          "64M",
          ValueReaders::bytes,
          "The same for all kernels together.");

  static final Setting<Long> OUTPUT_DISK_BYTES =
      Setting.of(
          "--output-disk-bytes",
          Shape.one("SIZE"),
          "1G",
          ValueReaders::bytes,
          "Output of one kernel that is kept on disk; over it the oldest is cut away, and the"
              + " client is told how much is missing.");

  static final SettingGroup IDLE =
      new SettingGroup(
          "Idle kernels",
          List.of(
              CULL_IDLE_TIMEOUT,
              CULL_IDLE_TIMEOUT_LIMIT,
              IDLE_ACTION,
              CULL_INTERVAL,
              CULL_CONNECTED,
              CULL_BUSY,
              CULL_MINIMUM_RUN_TIME,
              HIBERNATE_ON_LOSS,
              HIBERNATE_TIMEOUT,
              HIBERNATE_MAX_BYTES,
              HIBERNATE_MAX_BYTES_PER_USER,
              HIBERNATE_MAX_BYTES_TOTAL,
              HIBERNATE_MAX_AGE,
              MAX_SLEEPING_KERNELS,
              MAX_SLEEPING_KERNELS_PER_USER));

  static final SettingGroup LIFE =
      new SettingGroup(
          "Kernels: their start, crash and end",
          List.of(
              KERNEL_LAUNCH_TIMEOUT,
              KERNEL_RESTARTS,
              SHUTDOWN_WAIT_TIME,
              HELD_MESSAGES,
              HELD_BYTES,
              MAX_KERNEL_MESSAGE_BYTES));

  static final SettingGroup OUTPUT =
      new SettingGroup(
          "Output that no client has taken yet",
          List.of(OUTPUT_MEMORY_BYTES, OUTPUT_MEMORY_TOTAL_BYTES, OUTPUT_DISK_BYTES));

  private LifeOptions() {}

  static KernelSettings settings(Values values) {
    KernelSettings fixed = KernelSettings.defaults();
    return new KernelSettings(
        values.get(KERNEL_LAUNCH_TIMEOUT),
        values.get(SHUTDOWN_WAIT_TIME),
        fixed.terminateGrace(),
        values.get(KERNEL_RESTARTS),
        values.get(HELD_MESSAGES),
        values.get(HELD_BYTES),
        values.get(MAX_KERNEL_MESSAGE_BYTES),
        LogLimits.of(Math.max(1, values.get(OUTPUT_MEMORY_BYTES)), values.get(OUTPUT_DISK_BYTES)),
        values.get(OUTPUT_MEMORY_TOTAL_BYTES),
        fixed.audience(),
        new IdleSettings(
            values.get(CULL_IDLE_TIMEOUT),
            values.get(CULL_INTERVAL),
            values.get(CULL_CONNECTED),
            values.get(CULL_BUSY),
            values.get(CULL_MINIMUM_RUN_TIME),
            values.get(CULL_IDLE_TIMEOUT_LIMIT)),
        new HibernationSettings(
            values.get(IDLE_ACTION),
            values.get(HIBERNATE_ON_LOSS),
            values.get(HIBERNATE_TIMEOUT),
            fixed.hibernation().variableTimeout(),
            values.get(HIBERNATE_MAX_BYTES),
            fixed.hibernation().secretNames(),
            new SnapshotLimits(
                values.get(HIBERNATE_MAX_BYTES_PER_USER),
                values.get(HIBERNATE_MAX_BYTES_TOTAL),
                values.get(HIBERNATE_MAX_AGE),
                values.get(MAX_SLEEPING_KERNELS_PER_USER),
                values.get(MAX_SLEEPING_KERNELS))));
  }
}
