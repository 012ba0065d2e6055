// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/**
 * A notebook that is open in JupyterLab, used with mouse and keyboard and read off the page, as its
 * user does.
 */
final class LabNotebook {

  static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Browser browser;

  private LabNotebook(Browser browser) {
    this.browser = browser;
  }

  /**
   * Opens a notebook in a workspace of its own and waits until its kernel is idle.
   *
   * @param lab where the browser finds JupyterLab
   * @param path of the notebook below JupyterLab's root
   */
  static LabNotebook open(Browser browser, URI lab, String path) {
    LabNotebook notebook = new LabNotebook(browser);
    notebook.load(lab, path);
    return notebook;
  }

  /** Opens a notebook whose kernel may have to wait for its Pod, and so is not idle soon. */
  static LabNotebook openWaiting(Browser browser, URI lab, String path) {
    LabNotebook notebook = new LabNotebook(browser);
    notebook.show(lab, path);
    Rest server = new Rest(lab, JupyterServer.TOKEN);
    notebook.await(
        "JupyterLab has asked for a kernel",
        () -> session(server, path).at("/kernel/connections").asInt() > 0);
    return notebook;
  }

  /** Loads the page anew, as a user does who presses F5 or comes back the next morning. */
  void load(URI lab, String path) {
    show(lab, path);
    // The page says idle before it has a kernel, and asks for one if a cell is run then.
    Rest server = new Rest(lab, JupyterServer.TOKEN);
    await("JupyterLab is connected to the kernel", () -> isConnected(server, path));
    awaitKernel("idle");
  }

  private void show(URI lab, String path) {
    String workspace = path.replaceAll("\\W", "-");
    browser
        .driver()
        .get(
            lab
                + "/lab/workspaces/"
                + workspace
                + "/tree/"
                + path
                + "?reset&token="
                + JupyterServer.TOKEN);
    await("the notebook is open", () -> !all(".jp-Notebook .jp-CodeCell").isEmpty());
  }

  private static boolean isConnected(Rest server, String path) {
    JsonNode kernel = session(server, path).path("kernel");
    return kernel.path("connections").asInt() > 0
        && kernel.path("execution_state").asText().equals("idle");
  }

  private static JsonNode session(Rest server, String path) {
    for (JsonNode session : server.get("/api/sessions").json()) {
      if (session.path("path").asText().equals(path)) {
        return session;
      }
    }
    return MissingNode.getInstance();
  }

  /**
   * Runs a cell: a click into it, then Shift and Enter; once more where JupyterLab did not take it,
   * as it does while it still sets the page up. A cell that was taken has a star before it, so this
   * never sends twice.
   */
  void run(int cell) {
    await("cell " + cell + " is there", () -> !prompt(cell).isEmpty());
    String before = prompt(cell);
    await(
        "cell " + cell + " was taken",
        () -> {
          if (!prompt(cell).equals(before)) {
            return true;
          }
          cell(cell).findElement(By.cssSelector(".jp-InputArea-editor .cm-content")).click();
          if (cell(cell).findElements(By.cssSelector(".cm-editor.cm-focused")).isEmpty()) {
            return false;
          }
          new Actions(browser.driver())
              .keyDown(Keys.SHIFT)
              .sendKeys(Keys.ENTER)
              .keyUp(Keys.SHIFT)
              .perform();
          return within(Duration.ofSeconds(5), () -> !prompt(cell).equals(before));
        });
  }

  /** Waits until the number stands before the cell, which it does when the kernel has replied. */
  void awaitDone(int cell) {
    await("cell " + cell + " is done", () -> prompt(cell).matches("\\[\\d+\\]:"));
  }

  void runToEnd(int cell) {
    run(cell);
    awaitDone(cell);
  }

  String prompt(int cell) {
    return cell(cell).findElement(By.cssSelector(".jp-InputPrompt")).getText().strip();
  }

  /** What stands below a cell, as text. */
  String output(int cell) {
    List<WebElement> outputs =
        cell(cell).findElements(By.cssSelector(".jp-OutputArea-child .jp-OutputArea-output"));
    StringBuilder text = new StringBuilder();
    for (WebElement output : outputs) {
      text.append(output.getText()).append('\n');
    }
    return text.toString();
  }

  void awaitOutput(int cell, String part) {
    await("cell " + cell + " shows " + part, () -> output(cell).contains(part));
  }

  /** The one element below a cell that a selector finds; waits for it to be shown. */
  WebElement below(int cell, String selector) {
    By by = By.cssSelector(".jp-Cell-outputArea " + selector);
    await(
        selector + " below cell " + cell,
        () -> cell(cell).findElements(by).size() == 1 && cell(cell).findElement(by).isDisplayed());
    return cell(cell).findElement(by);
  }

  /** Answers an {@code input()}. */
  void answer(int cell, String text) {
    WebElement field = below(cell, ".jp-Stdin-input");
    field.sendKeys(text, Keys.ENTER);
  }

  /** The button with the black square. */
  void interrupt() {
    toolbar("interrupt");
  }

  /** The button with the round arrow, and yes to the question behind it. */
  void restartKernel() {
    toolbar("restart");
    confirm();
  }

  /** Says yes to the dialog that is open, or opens in a moment. */
  void confirm() {
    await("a dialog is open", () -> !all(".jp-Dialog .jp-mod-accept").isEmpty());
    all(".jp-Dialog .jp-mod-accept").getFirst().click();
    await("the dialog is gone", () -> all(".jp-Dialog").isEmpty());
  }

  /** What the circle beside the kernel's name says. */
  String kernelStatus() {
    return all(".jp-NotebookPanel-toolbar .jp-Notebook-ExecutionIndicator").stream()
        .map(indicator -> Objects.requireNonNullElse(indicator.getDomAttribute("data-status"), ""))
        .findFirst()
        .orElse("");
  }

  void awaitKernel(String status) {
    await("the kernel is " + status, () -> kernelStatus().equals(status));
  }

  /** The texts of dialogs that are open. */
  List<String> dialogs() {
    return all(".jp-Dialog").stream().map(WebElement::getText).toList();
  }

  /** Moves a slider widget one step up. */
  void pushSlider(int cell) {
    below(cell, ".noUi-handle").sendKeys(Keys.ARROW_RIGHT);
  }

  void screenshot(String name) {
    browser.screenshot(name);
  }

  void await(String what, BooleanSupplier condition) {
    try {
      Awaitility.await(what)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          // JupyterLab replaces elements while we look at them; then we look again.
          .ignoreExceptionsInstanceOf(WebDriverException.class)
          .until(condition::getAsBoolean);
    } catch (ConditionTimeoutException e) {
      browser.screenshot("FAILED-" + what.replaceAll("\\W+", "-"));
      throw e;
    }
  }

  private static boolean within(Duration patience, BooleanSupplier condition) {
    try {
      Awaitility.await()
          .atMost(patience)
          .pollInterval(Duration.ofMillis(50))
          .ignoreExceptionsInstanceOf(WebDriverException.class)
          .until(condition::getAsBoolean);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  private void toolbar(String item) {
    WebElement button =
        all(".jp-NotebookPanel-toolbar [data-jp-item-name='" + item + "'] jp-button").getFirst();
    button.click();
  }

  private WebElement cell(int index) {
    List<WebElement> cells = all(".jp-Notebook .jp-CodeCell");
    if (index >= cells.size()) {
      throw new NoSuchElementException("cell " + index + " is not there yet");
    }
    return cells.get(index);
  }

  private List<WebElement> all(String selector) {
    return browser.driver().findElements(By.cssSelector(selector));
  }
}
