// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import io.elasticjupyter.cli.settings.Values;
import java.util.List;
import java.util.Optional;

/** Whether a hibernating kernel's whole process is kept beside its variables. */
final class ProcessImageOptions {

  /** When the process is kept. */
  enum When {
    OFF,
    AUTO
  }

  static final Setting<When> HIBERNATE_PROCESS_IMAGE =
      Setting.of(
          "--hibernate-process-image",
          Shape.one("WHEN"),
          "off",
          ValueReaders.oneOf(When.class),
          "Keep the whole process of a hibernating kernel beside its variables, so that generators,"
              + " threads and databases in memory are there again as well. auto: where CRIU is there and"
              + " \"criu check\" passes, which takes root or CAP_CHECKPOINT_RESTORE; a kernel whose process"
              + " cannot be kept hibernates with its variables alone. off: variables alone. An image has"
              + " everything that is in memory, secrets too. Not with --snapshot-store.");

  static final Setting<String> CRIU =
      Setting.of(
          "--criu",
          Shape.one("PROGRAM"),
          "criu",
          ValueReaders::word,
          "The CRIU that is used for that: its path, or a name on PATH.");

  static final SettingGroup GROUP =
      new SettingGroup(
          "Whole processes of hibernating kernels", List.of(HIBERNATE_PROCESS_IMAGE, CRIU));

  private ProcessImageOptions() {}

  /**
   * The CRIU to use; empty where processes are not to be kept.
   *
   * @throws Values.Unusable if what lies beside the variables would have no place
   */
  static Optional<String> criu(Values values) throws Values.Unusable {
    if (values.get(HIBERNATE_PROCESS_IMAGE) == When.OFF) {
      return Optional.empty();
    }
    if (values.get(StoreOptions.SNAPSHOT_STORE).isPresent()) {
      throw new Values.Unusable(
          List.of(
              "--hibernate-process-image does not go with --snapshot-store: an image is kept in the"
                  + " state directory"));
    }
    return Optional.of(values.get(CRIU));
  }
}
