// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.cli.CommandLineReader.Request;
import java.io.File;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CommandLineReaderTest {

  private final CommandLineReader reader = new CommandLineReader(Programs.all());

  @Test
  void optionsAreTakenAsWritten() {
    assertThat(options("local", "--ip", "::1", "--port=0", "--token", "", "--cull-connected"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("--ip", "::1", "--port", "0", "--token", "", "--cull-connected", "true"));
  }

  @Test
  void aFlagTakesAValueOnlyWhereItIsOne() {
    assertThat(options("local", "--list-kernels=false", "--cull-busy", "--port", "1"))
        .containsEntry("--list-kernels", "false")
        .containsEntry("--cull-busy", "true")
        .containsEntry("--port", "1");
  }

  @Test
  void severalValuesAreJoinedHoweverTheyAreGiven() {
    assertThat(options("local", "--kernel-path", "/a", "/b", "--kernel-path", "/c"))
        .containsEntry("--kernel-path", String.join(File.pathSeparator, "/a", "/b", "/c"));
    assertThat(options("local", "--client-envs", "A,B", "--client-envs", "C"))
        .containsEntry("--client-envs", "A,B,C");
  }

  @Test
  void whatStandsBehindTwoDashesIsPassedOn() {
    Request request = reader.read("lab", "--no-browser", "--", "--debug", "x");

    assertThat(request)
        .isInstanceOfSatisfying(
            Request.Run.class,
            run -> {
              assertThat(run.program().name()).isEqualTo("lab");
              assertThat(run.options()).containsOnlyKeys("--no-browser");
              assertThat(run.arguments()).containsExactly("--debug", "x");
            });
  }

  @Test
  void helpIsGivenInEveryUsualWay() {
    for (String[] words :
        List.of(
            new String[] {}, new String[] {"--help"}, new String[] {"-h"}, new String[] {"help"})) {
      assertThat(reader.read(words))
          .isInstanceOfSatisfying(Request.Help.class, help -> assertThat(help.program()).isEmpty());
    }
    for (String[] words : List.of(new String[] {"demo", "--help"}, new String[] {"help", "demo"})) {
      assertThat(reader.read(words))
          .isInstanceOfSatisfying(
              Request.Help.class,
              help -> assertThat(help.program().orElseThrow().name()).isEqualTo("demo"));
    }
  }

  @Test
  void theVersionIsToldByOptionAndByProgram() {
    assertThat(reader.read("--version")).isInstanceOf(Request.Version.class);
    assertThat(reader.read("version")).isInstanceOf(Request.Version.class);
  }

  @Test
  void aMistypedOptionIsAnsweredWithTheNearestOne() {
    assertThat(refusal("local", "--prot", "1"))
        .isEqualTo("there is no option '--prot'; did you mean --port?");
    assertThat(refusal("local", "--cull-idle-timout=5"))
        .isEqualTo("there is no option '--cull-idle-timout'; did you mean --cull-idle-timeout?");
    assertThat(refusal("local", "--quite-another-thing"))
        .isEqualTo("there is no option '--quite-another-thing'");
  }

  @Test
  void aMistypedProgramIsAnsweredWithTheNearestOne() {
    assertThat(refusal("dmeo")).isEqualTo("there is no program called 'dmeo'; did you mean demo?");
    assertThat(refusal("help", "something")).isEqualTo("there is no program called 'something'");
    assertThat(refusal("local", "8888"))
        .isEqualTo("'8888' is no option, and nothing else is expected here");
  }

  @Test
  void anOptionWithoutItsValueIsRefused() {
    assertThat(refusal("local", "--port")).isEqualTo("--port needs its value: PORT");
    assertThat(refusal("local", "--port", "--ip", "::1")).isEqualTo("--port needs its value: PORT");
    assertThat(options("local", "--max-kernels-per-user", "-1"))
        .containsEntry("--max-kernels-per-user", "-1");
    assertThat(options("local", "--token=--odd")).containsEntry("--token", "--odd");
  }

  @Test
  void onlyAProgramThatPassesThemOnTakesFurtherArguments() {
    assertThat(refusal("demo", "--", "x")).isEqualTo("nothing can be passed on behind --");
    assertThat(refusal("--port", "1", "local"))
        .isEqualTo("there is no option '--port' in front of a program's name");
  }

  private Map<String, String> options(String... words) {
    return reader.read(words) instanceof Request.Run run ? run.options() : Map.of();
  }

  private String refusal(String... words) {
    return reader.read(words) instanceof Request.Refused refused ? refused.message() : "accepted";
  }
}
