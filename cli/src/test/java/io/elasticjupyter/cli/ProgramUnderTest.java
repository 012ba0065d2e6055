// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import io.elasticjupyter.testkit.ProcessUnderTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts the programs as processes, from the classes under test. */
public final class ProgramUnderTest {

  private ProgramUnderTest() {}

  /** A program in a folder that is its home as well, so that nothing of this user's is touched. */
  public static ProcessUnderTest start(
      Path home, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Delastic.root=" + System.getProperty("elastic.root"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("HOME", home.toString());
    all.putIfAbsent("XDG_STATE_HOME", "");
    all.putIfAbsent("EG_AUTH_TOKEN", "");
    all.putIfAbsent("KG_AUTH_TOKEN", "");
    return ProcessUnderTest.start("elastic-jupyter " + arguments[0], home, all, command);
  }
}
