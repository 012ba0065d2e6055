// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.testkit.KernelSpecFolder;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;

/**
 * What a data scientist sees: a stock JupyterLab in a browser, with its kernels from our gateway.
 * Between JupyterLab and the gateway, and between the browser and JupyterLab, lies a stretch of
 * network that the tests cut. Each test has a notebook and a kernel of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JupyterLabE2E {

  private static final String SET_X = "x = 41\nprint('x is set')";
  private static final String GET_X = "print('x + 1 =', x + 1)";
  private static final String COUNT_SLOWLY =
      """
      import time
      for number in range(40):
          print('line', number, flush=True)
          time.sleep(0.25)
      print('counted')
      """;

  private final Cleanup cleanup = new Cleanup();
  private Path directory;
  private GatewayProgram gateway;
  private TcpProxy behindTheServer;
  private TcpProxy behindTheBrowser;
  private Browser browser;

  @BeforeAll
  void start(@TempDir Path given) {
    directory = given;
    gateway =
        cleanup.add(
            GatewayProgram.start(
                directory, KernelSpecFolder.in(directory).ipykernel("python3").path()));
    behindTheServer = cleanup.add(new TcpProxy(gateway.port()));
    JupyterServer lab =
        cleanup.add(
            JupyterServer.startLab(directory, local(behindTheServer.port()), GatewayProgram.TOKEN));
    behindTheBrowser = cleanup.add(new TcpProxy(lab.url().getPort()));
    browser = cleanup.add(new Browser(directory));
  }

  @AfterAll
  void stop() throws Exception {
    cleanup.close();
  }

  @Test
  void cellsShowTextImagesErrorsQuestionsProgressAndWidgets() {
    LabNotebook notebook =
        open(
            "outputs.ipynb",
            SET_X,
            "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()",
            "1 / 0",
            "name = input('Your name? ')\nprint('hello', name)",
            """
            import time
            from tqdm.auto import tqdm
            for step in tqdm(range(20), desc='working'):
                time.sleep(0.02)
            print('worked')
            """,
            """
            import ipywidgets
            from IPython.display import display
            slider, label = ipywidgets.IntSlider(value=3), ipywidgets.Label('not moved')
            slider.observe(lambda change: setattr(label, 'value', f"square {change['new'] ** 2}"), 'value')
            display(slider, label)
            """);

    notebook.runToEnd(0);
    notebook.awaitOutput(0, "x is set");
    notebook.screenshot("text");

    notebook.runToEnd(1);
    WebElement image = notebook.below(1, ".jp-RenderedImage img");
    assertThat(image.getSize().getWidth()).isGreaterThan(100);

    notebook.runToEnd(2);
    notebook.awaitOutput(2, "ZeroDivisionError: division by zero");
    notebook.screenshot("image-and-error");

    notebook.run(3);
    notebook.answer(3, "Ada");
    notebook.awaitDone(3);
    notebook.awaitOutput(3, "hello Ada");

    notebook.runToEnd(4);
    notebook.awaitOutput(4, "20/20");
    notebook.awaitOutput(4, "worked");
    assertThat(notebook.below(4, ".widget-hprogress, .jp-OutputArea-output progress").isDisplayed())
        .isTrue();
    notebook.screenshot("input-and-progress");

    notebook.runToEnd(5);
    notebook.awaitOutput(5, "not moved");
    notebook.pushSlider(5);
    notebook.awaitOutput(5, "square 16");
    notebook.screenshot("widget");
  }

  @Test
  void aSleepingCellIsInterruptedAndARestartedKernelIsNew() {
    LabNotebook notebook =
        open(
            "interrupt.ipynb",
            SET_X,
            "import time\nprint('asleep', flush=True)\ntime.sleep(600)",
            GET_X);
    notebook.runToEnd(0);
    notebook.run(1);
    notebook.awaitOutput(1, "asleep");
    notebook.screenshot("asleep");

    notebook.interrupt();
    notebook.awaitDone(1);
    notebook.awaitOutput(1, "KeyboardInterrupt");
    notebook.runToEnd(2);
    notebook.awaitOutput(2, "x + 1 = 42");
    notebook.screenshot("interrupted");

    notebook.restartKernel();
    notebook.awaitKernel("idle");
    notebook.runToEnd(2);
    notebook.awaitOutput(2, "NameError");
    notebook.screenshot("restarted");
  }

  @Test
  void theGatewayIsKilledInTheMiddleOfACellWhichGoesOn() {
    LabNotebook notebook = open("killed.ipynb", SET_X, COUNT_SLOWLY, GET_X);
    notebook.runToEnd(0);
    notebook.run(1);
    notebook.awaitOutput(1, "line 5");

    gateway.kill();
    notebook.screenshot("gateway-killed");
    gateway.startAgain();

    Numbers.assertAllButOneGap(countedToTheEnd(notebook), 40);
    assertStillThere(notebook);
    notebook.screenshot("gateway-back");
  }

  @Test
  void theNetworkBetweenServerAndGatewayIsCutAndNothingIsLost() {
    LabNotebook notebook = open("cut-behind-server.ipynb", SET_X, COUNT_SLOWLY, GET_X);
    notebook.runToEnd(0);
    notebook.run(1);
    notebook.awaitOutput(1, "line 5");

    behindTheServer.cut();
    notebook.screenshot("cut-behind-the-server");
    behindTheServer.mend();

    assertCountedAndStillThere(notebook);
    notebook.screenshot("mended-behind-the-server");
  }

  @Test
  void theNetworkBetweenBrowserAndServerIsCutAndNothingIsLost() {
    LabNotebook notebook = open("cut-behind-browser.ipynb", SET_X, COUNT_SLOWLY, GET_X);
    notebook.runToEnd(0);
    notebook.run(1);
    notebook.awaitOutput(1, "line 5");

    behindTheBrowser.cut();
    notebook.screenshot("cut-behind-the-browser");
    behindTheBrowser.mend();

    assertCountedAndStillThere(notebook);
    notebook.screenshot("mended-behind-the-browser");
  }

  private static void assertCountedAndStillThere(LabNotebook notebook) {
    assertThat(countedToTheEnd(notebook)).isEqualTo(IntStream.range(0, 40).boxed().toList());
    assertStillThere(notebook);
  }

  private static List<Integer> countedToTheEnd(LabNotebook notebook) {
    notebook.awaitOutput(1, "counted");
    notebook.awaitDone(1);
    // What the gateway says stands beside what the cell printed, and may be wrapped.
    List<String> lines =
        notebook
            .output(1)
            .lines()
            .filter(line -> line.startsWith("line ") || line.equals("counted"))
            .toList();
    assertThat(lines.getLast()).isEqualTo("counted");
    return lines.stream()
        .limit(lines.size() - 1)
        .map(line -> Integer.valueOf(line.replaceFirst("^line ", "")))
        .toList();
  }

  private static void assertStillThere(LabNotebook notebook) {
    notebook.runToEnd(2);
    notebook.awaitOutput(2, "x + 1 = 42");
  }

  private LabNotebook open(String name, String... cells) {
    Notebooks.write(JupyterServer.notebooks(directory).resolve(name), "python3", cells);
    return LabNotebook.open(browser, local(behindTheBrowser.port()), name);
  }

  private static URI local(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }
}
