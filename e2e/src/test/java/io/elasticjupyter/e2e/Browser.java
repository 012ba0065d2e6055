// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import io.elasticjupyter.testkit.ProcessUnderTest;
import io.elasticjupyter.testkit.ProjectRoot;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The distribution's Chromium, without a window, with a profile of its own. */
final class Browser implements AutoCloseable {

  // Selenium warns of each Chromium that is newer than itself; we use nothing that depends on it.
  private static final Logger DEVTOOLS = Logger.getLogger("org.openqa.selenium.devtools");
  private static final Logger CHROMIUM = Logger.getLogger("org.openqa.selenium.chromium");

  private final ChromeDriver driver;
  private int screenshots;

  /** Starts it; its profile is made in {@code directory}. */
  Browser(Path directory) {
    DEVTOOLS.setLevel(Level.SEVERE);
    CHROMIUM.setLevel(Level.SEVERE);
    List<String> programs = programs();
    ChromeOptions options = new ChromeOptions();
    options.setBinary(programs.getFirst());
    options.addArguments(
        "--headless=new",
        // The tests may run as root and in containers with a small /dev/shm.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,1600",
        "--user-data-dir=" + directory.resolve("browser-profile"));
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(programs.get(1)))
            .usingAnyFreePort()
            .withLogFile(TestFiles.folder("logs").resolve("chromedriver.log").toFile())
            .build();
    driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(Duration.ofMinutes(2));
  }

  WebDriver driver() {
    return driver;
  }

  /** Saves what the user would see now, under {@code e2e/target/screenshots}. */
  void screenshot(String name) {
    screenshots++;
    TestFiles.write(
        "screenshots",
        "%02d-%s.png".formatted(screenshots, name),
        driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }

  private static List<String> programs() {
    Path script = ProjectRoot.path().resolve("tools/browser");
    try (ProcessUnderTest process =
        ProcessUnderTest.start(
            "tools/browser", ProjectRoot.path(), Map.of(), List.of(script.toString()))) {
      int code = process.awaitExit(Duration.ofMinutes(10));
      List<String> output = process.output();
      if (code != 0) {
        throw new IllegalStateException(String.join("\n", output));
      }
      return List.copyOf(output.subList(output.size() - 2, output.size()));
    }
  }
}
