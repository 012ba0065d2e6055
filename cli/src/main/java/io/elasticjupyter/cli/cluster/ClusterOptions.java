// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.cluster;

import io.elasticjupyter.api.GatewayPorts;
import io.elasticjupyter.api.MountPaths;
import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import java.nio.file.Path;
import java.util.List;

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
              "Folder with the files token, kernel-key and callback-key, as the operator mounts it.")
          .named("ELASTIC_JUPYTER_GATEWAY_SECRET");

  static final Setting<Integer> RESPONSE_PORT =
      Setting.of(
          "--response-port",
          Shape.one("PORT"),
          String.valueOf(GatewayPorts.CALLBACK),
          ValueReaders.number(1, 65_535),
          "Where launchers of kernel images of Enterprise Gateway call, to tell where their kernels"
              + " listen.");

  static final Setting<Boolean> ACCEPT_OLD_LAUNCHERS =
      Setting.of(
          "--accept-old-launchers",
          Shape.flag(),
          "false",
          ValueReaders::flag,
          "Also takes answers of launchers that encrypt by nothing but the kernel's id, which"
              + " everybody who may list kernels could forge.");

  static final SettingGroup GROUP =
      new SettingGroup(
          "The cluster",
          List.of(NAMESPACE, GATEWAY_NAME, GATEWAY_SECRET, RESPONSE_PORT, ACCEPT_OLD_LAUNCHERS));

  private ClusterOptions() {}
}
