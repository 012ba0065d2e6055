// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.settings;

import java.util.List;

/** Settings that belong together, under one heading in help and reference. */
public record SettingGroup(String heading, List<Setting<?>> settings) {

  public SettingGroup {
    settings = List.copyOf(settings);
  }
}
