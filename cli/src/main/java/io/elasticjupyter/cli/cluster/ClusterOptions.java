// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.cluster;

import io.elasticjupyter.api.GatewayPorts;
import io.elasticjupyter.api.MountPaths;
import io.elasticjupyter.api.SnapshotVolume.Loading;
import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import io.elasticjupyter.cli.settings.Values;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Which gateway of which cluster this is. */
final class ClusterOptions {

  static final Setting<String> NAMESPACE =
      Setting.of(
              "--kubernetes-namespace",
              Shape.one("NAMESPACE"),
              "default",
              ValueReaders::word,
              "Namespace of the gateway, its kernelspecs and its kernels.")
          .named("EG_NAMESPACE");

  static final Setting<String> GATEWAY_NAME =
      Setting.of(
              "--gateway-name",
              Shape.one("NAME"),
              "gateway",
              ValueReaders::word,
              "Name of the JupyterGateway that this is; its kernels carry it as a label.")
          .named("ELASTIC_JUPYTER_GATEWAY", "EG_NAME");

  static final Setting<Path> GATEWAY_SECRET =
      Setting.of(
              "--gateway-secret",
              Shape.one("DIR"),
              MountPaths.GATEWAY_SECRET,
              ValueReaders::path,
              "Folder with the files token, kernel-key, callback-key and snapshots.pem, as the operator"
                  + " mounts it.")
          .named("ELASTIC_JUPYTER_GATEWAY_SECRET");

  static final Setting<Integer> RESPONSE_PORT =
      Setting.of(
          "--response-port",
          Shape.one("PORT"),
          String.valueOf(GatewayPorts.CALLBACK),
          ValueReaders.number(1, 65_535),
          "Where launchers of kernel images of Enterprise Gateway call, to tell where their kernels"
              + " listen.");

  static final Setting<Integer> SNAPSHOT_PORT =
      Setting.of(
          "--snapshot-port",
          Shape.one("PORT"),
          String.valueOf(GatewayPorts.SNAPSHOTS),
          ValueReaders.number(1, 65_535),
          "Where kernels put their variables when they hibernate, and get them when they wake.");

  static final Setting<Optional<String>> SNAPSHOT_URL =
      Setting.of(
          "--snapshot-url",
          Shape.one("URL"),
          "",
          ValueReaders::optionalText,
          "Where kernels reach that port, by https and with a name that the certificate in"
              + " snapshots.pem has; by default the gateway's Service, https://NAME.NAMESPACE:PORT.");

  static final Setting<Optional<Path>> SNAPSHOT_VOLUME =
      Setting.of(
          "--snapshot-volume",
          Shape.one("DIR"),
          "",
          ValueReaders::optionalPath,
          "Where the volume is mounted of which each kernel's Pod mounts its own folder: variables are"
              + " kept there, instead of in the state directory or an object store.");

  static final Setting<Loading> SNAPSHOT_LOADING =
      Setting.of(
          "--snapshot-loading",
          Shape.one("HOW"),
          "map",
          ValueReaders.oneOf(Loading.class),
          "How kernels that wake get what they held from that volume: map reads large arrays when they"
              + " are touched first, read reads everything before the kernel runs.");

  static final Setting<Boolean> ACCEPT_OLD_LAUNCHERS =
      Setting.of(
          "--accept-old-launchers",
          Shape.flag(),
          "false",
          ValueReaders::flag,
          "Also takes answers of launchers that encrypt by nothing but the kernel's id, which"
              + " everybody who may list kernels could forge.");

  static final Setting<Optional<String>> REPLICA_NAME =
      Setting.of(
              "--replica-name",
              Shape.one("NAME"),
              "",
              ValueReaders::optionalText,
              "Name of this replica's Pod, where several gateways have the same kernels. Without it"
                  + " the gateway is the only one.")
          .named("ELASTIC_JUPYTER_POD_NAME");

  static final Setting<String> REPLICA_ADDRESS =
      Setting.of(
              "--replica-address",
              Shape.one("ADDRESS"),
              "127.0.0.1",
              ValueReaders::word,
              "IP address at which the other replicas reach this one.")
          .named("ELASTIC_JUPYTER_POD_IP");

  static final Setting<Integer> PEER_PORT =
      Setting.of(
          "--peer-port",
          Shape.one("PORT"),
          String.valueOf(GatewayPorts.PEERS),
          ValueReaders.number(1, 65_535),
          "Where the replicas of a gateway reach each other.");

  static final SettingGroup GROUP =
      new SettingGroup(
          "The cluster",
          List.of(
              NAMESPACE,
              GATEWAY_NAME,
              GATEWAY_SECRET,
              SNAPSHOT_PORT,
              SNAPSHOT_URL,
              SNAPSHOT_VOLUME,
              SNAPSHOT_LOADING,
              RESPONSE_PORT,
              ACCEPT_OLD_LAUNCHERS,
              REPLICA_NAME,
              REPLICA_ADDRESS,
              PEER_PORT));

  /** Where kernels reach the vault. */
  static URI snapshotUrl(Values values) throws Values.Unusable {
    String url =
        values
            .get(SNAPSHOT_URL)
            .orElseGet(() ->
                "https://%s.%s:%d"
                    .formatted(
                        values.get(GATEWAY_NAME),
                        values.get(NAMESPACE),
                        values.get(SNAPSHOT_PORT)));
    if (!url.startsWith("https://")) {
      throw new Values.Unusable(
          List.of("--snapshot-url must begin with https://, since kernels send tokens there"));
    }
    try {
      return new URI(url.replaceAll("/+$", "") + "/snapshots");
    } catch (URISyntaxException e) {
      throw new Values.Unusable(List.of("--snapshot-url is no URL: " + e.getMessage()));
    }
  }

  private ClusterOptions() {}
}
