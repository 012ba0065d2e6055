// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.settings.BadValue;
import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.gateway.config.ChannelsConfig;
import io.elasticjupyter.gateway.config.KernelEnvironmentConfig;
import io.elasticjupyter.gateway.config.RedactionConfig;
import io.elasticjupyter.wire.connection.Transport;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Where kernels come from, what reaches them, and how clients talk to them. */
final class KernelOptions {

  static final Setting<List<Path>> KERNEL_PATH =
      Setting.of(
          "--kernel-path",
          Shape.several("DIR", File.pathSeparator),
          "",
          ValueReaders::paths,
          "Folders with kernelspecs, asked before the ordinary ones (JUPYTER_PATH, the user's and"
              + " the system's share/jupyter/kernels).");

  static final Setting<Set<String>> CLIENT_ENVS =
      AccessOptions.names(
              "--client-envs",
              "",
              "Environment names beside KERNEL_* that a client may set for its kernel; * is all.")
          .alsoNamed("EG_ENV_WHITELIST", "KG_ENV_WHITELIST");

  static final Setting<Set<String>> INHERITED_ENVS =
      AccessOptions.names(
              "--inherited-envs",
              "*",
              "Names that a kernel gets from the gateway's own environment; * is all but the"
                  + " gateway's token.")
          .alsoNamed("EG_ENV_PROCESS_WHITELIST", "KG_ENV_PROCESS_WHITELIST");

  static final Setting<Boolean> MIRROR_WORKING_DIRS =
      Setting.of(
          "--mirror-working-dirs",
          Shape.flag(),
          "false",
          ValueReaders::flag,
          "Start a kernel in the folder that its client names (KERNEL_WORKING_DIR), for clients on"
              + " the same machine or file system.");

  static final Setting<Boolean> IMPERSONATION_ENABLED =
      Setting.of(
          "--impersonation-enabled",
          Shape.flag(),
          "false",
          ValueReaders::flag,
          "Told to kernels as EG_IMPERSONATION_ENABLED.");

  static final Setting<Transport> KERNEL_TRANSPORT =
      Setting.of(
          "--kernel-transport",
          Shape.one("NAME"),
          "tcp",
          KernelOptions::transport,
          "What the gateway and kernels talk over: tcp, ports on loopback, which every kernel can;"
              + " or ipc, Unix domain sockets, which no other user of the machine can reach.");

  static final Setting<Duration> WS_PING_INTERVAL_SECS =
      Setting.of(
          "--ws-ping-interval-secs",
          Shape.one("SECONDS"),
          "30",
          ValueReaders::seconds,
          "How often a quiet client is asked whether it is still there; it is given up after three"
              + " unanswered times. 0 never asks.");

  static final Setting<Long> MAX_MESSAGE_BYTES =
      Setting.of(
          "--max-message-bytes",
          Shape.one("SIZE"),
          "0",
          ValueReaders::bytes,
          "Largest message that a client may send to a kernel; its websocket is closed with 1009"
              + " over it. 0 is 512 MiB, but at most a quarter of the heap.");

  static final Setting<Long> MAX_BATCH_BYTES =
      Setting.of(
          "--max-batch-bytes",
          Shape.one("SIZE"),
          "256K",
          ValueReaders::bytes,
          "How much is written to a client at once while it lags behind.");

  static final Setting<Set<String>> ALLOWED_MESSAGE_TYPES =
      Setting.of(
          "--allowed-message-types",
          Shape.several("TYPE", ","),
          "",
          ValueReaders::names,
          "Message types that clients may send to kernels; unset, all.");

  static final Setting<Set<String>> SENSITIVE_ENV_KEYS =
      AccessOptions.names(
          "--sensitive-env-keys",
          "",
          "Environment names whose values logs must not show, beside those that look like a"
              + " secret.");

  static final Setting<String> REDACTION_MASK =
      Setting.of(
          "--redaction-mask",
          Shape.one("TEXT"),
          "********",
          ValueReaders::text,
          "What logs show instead.");

  static final SettingGroup ENVIRONMENT =
      new SettingGroup(
          "Kernels: where they come from, what they get",
          List.of(
              KERNEL_PATH,
              CLIENT_ENVS,
              INHERITED_ENVS,
              KERNEL_TRANSPORT,
              SENSITIVE_ENV_KEYS,
              REDACTION_MASK));

  static final SettingGroup CLIENTS =
      new SettingGroup(
          "What clients may give to kernels",
          List.of(CLIENT_ENVS, SENSITIVE_ENV_KEYS, REDACTION_MASK));

  static final SettingGroup REMOTE_CLIENTS =
      new SettingGroup(
          "Clients that start kernels", List.of(MIRROR_WORKING_DIRS, IMPERSONATION_ENABLED));

  static final SettingGroup CHANNELS =
      new SettingGroup(
          "Websockets of kernels",
          List.of(
              WS_PING_INTERVAL_SECS, MAX_MESSAGE_BYTES, MAX_BATCH_BYTES, ALLOWED_MESSAGE_TYPES));

  private KernelOptions() {}

  /**
   * What clients may give to kernels. What kernels inherit is not the gateway room's business here:
   * it would be kept on disk with every kernel, and win over kernelspecs.
   */
  static KernelEnvironmentConfig environment(
      Values values, boolean mirrorWorkingDirs, boolean impersonation) {
    return new KernelEnvironmentConfig(
        values.get(CLIENT_ENVS), Set.of(), Map.of(), mirrorWorkingDirs, impersonation);
  }

  static ChannelsConfig channels(Values values) {
    long largest = values.get(MAX_MESSAGE_BYTES);
    return new ChannelsConfig(
        values.get(WS_PING_INTERVAL_SECS),
        largest == 0 ? ChannelsConfig.defaults().maxMessageBytes() : NetworkOptions.clamp(largest),
        Math.max(1, NetworkOptions.clamp(values.get(MAX_BATCH_BYTES))),
        values.get(ALLOWED_MESSAGE_TYPES));
  }

  private static Transport transport(String text) throws BadValue {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "tcp" -> Transport.TCP;
      case "ipc" -> Transport.IPC;
      default -> throw new BadValue("but must be tcp or ipc");
    };
  }

  static RedactionConfig redaction(Values values) {
    return new RedactionConfig(values.get(SENSITIVE_ENV_KEYS), values.get(REDACTION_MASK));
  }
}
