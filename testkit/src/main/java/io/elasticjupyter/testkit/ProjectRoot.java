// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where this project lies: what a test starts as a user would, it starts from there. */
public final class ProjectRoot {

  private static final String MARK = "tools/python-environment";

  private ProjectRoot() {}

  /**
   * The folder that holds the reactor. The build names it with the property {@code elastic.root}; a
   * test started from an editor finds it upwards from where it runs.
   */
  public static Path path() {
    String named = System.getProperty("elastic.root", "");
    Path start = Path.of(named).toAbsolutePath().normalize();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(MARK))) {
        return folder;
      }
    }
    throw new IllegalStateException("no folder above " + start + " holds " + MARK);
  }
}
