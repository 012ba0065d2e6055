// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.cluster;

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
              "Folder with the files token and kernel-key, as the operator mounts it.")
          .named("ELASTIC_JUPYTER_GATEWAY_SECRET");

  static final SettingGroup GROUP =
      new SettingGroup("The cluster", List.of(NAMESPACE, GATEWAY_NAME, GATEWAY_SECRET));

  private ClusterOptions() {}
}
