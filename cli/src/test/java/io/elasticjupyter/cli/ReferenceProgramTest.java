// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.SettingGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReferenceProgramTest {

  @Test
  void thePageInTheDocumentsIsWhatTheProgramsSay() throws IOException {
    Path page = Path.of(System.getProperty("elastic.root"), "docs", "run", "options.md");

    assertThat(Files.readString(page).strip())
        .as("write it anew: ./elastic-jupyter reference > docs/run/options.md")
        .isEqualTo(new ReferenceProgram(Programs.listed()).page().strip());
  }

  @Test
  void everyDefaultCanBeRead() throws Exception {
    for (Setting<?> setting : settings(Programs.all())) {
      assertThat(setting.reader().read(setting.fallback())).as(setting.option()).isNotNull();
    }
  }

  @Test
  void withinAProgramNoNameMeansTwoThings() {
    for (Program program : Programs.all()) {
      Map<String, String> owners = new HashMap<>();
      for (Setting<?> setting : settings(List.of(program))) {
        assertThat(owners.put(setting.option(), setting.option())).as(setting.option()).isNull();
        for (String name : setting.names()) {
          assertThat(owners.put(name, setting.option())).as(name).isNull();
        }
      }
    }
  }

  @Test
  void everyExplanationIsASentence() {
    for (Setting<?> setting : settings(Programs.all())) {
      assertThat(setting.explanation()).as(setting.option()).matches("[A-Z][^|]*\\.");
    }
  }

  private static List<Setting<?>> settings(List<Program> programs) {
    return programs.stream()
        .flatMap(program -> program.groups().stream())
        .map(SettingGroup::settings)
        .<Setting<?>>flatMap(List::stream)
        .toList();
  }
}
