// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.kernelspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.RandomJson;
import io.elasticjupyter.wire.kernelspec.KernelSpec.InterruptMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelSpecsTest {

  private static final String SPEC = "{\"argv\": [\"run\"], \"display_name\": \"%s\"}";

  @TempDir private Path directory;
  private Path first;
  private Path second;
  private KernelSpecs specs;

  @BeforeEach
  void twoFolders() {
    first = directory.resolve("first");
    second = directory.resolve("second");
    specs = new KernelSpecs(List.of(first, second), Optional.empty());
  }

  @Test
  void findsThemByLowerCaseNameAndTheFirstFolderWins() throws IOException {
    write(first, "Python3", SPEC.formatted("one"));
    write(second, "python3", SPEC.formatted("two"));
    write(second, "r", SPEC.formatted("R"));
    assertThat(specs.all()).containsOnlyKeys("python3", "r");
    assertThat(specs.find("PYTHON3").orElseThrow().displayName()).isEqualTo("one");
    assertThat(specs.find("r").orElseThrow().directory()).isEqualTo(second.resolve("r"));
    assertThat(specs.find("julia")).isEmpty();
  }

  @Test
  void readsEveryFieldAndKeepsTheUnknownOnes() throws IOException {
    write(
        first,
        "full",
        """
        {"argv": ["a", "{connection_file}"], "display_name": "Full", "language": "x",
         "env": {"A": "1"}, "interrupt_mode": "Message", "metadata": {"process_proxy": {"x": 1}},
         "kernel_protocol_version": "5.5"}
        """);
    KernelSpec spec = specs.find("full").orElseThrow();
    assertThat(spec.argv()).containsExactly("a", "{connection_file}");
    assertThat(spec.env()).isEqualTo(Map.of("A", "1"));
    assertThat(spec.language()).isEqualTo("x");
    assertThat(spec.interruptMode()).isEqualTo(InterruptMode.MESSAGE);
    assertThat(spec.document().at("/metadata/process_proxy/x").intValue()).isEqualTo(1);
    assertThat(spec.document().path("kernel_protocol_version").textValue()).isEqualTo("5.5");
  }

  @Test
  void seesWhatComesChangesAndGoes() throws IOException {
    assertThat(specs.all()).isEmpty();
    Path file = write(first, "a", SPEC.formatted("one"));
    assertThat(specs.find("a").orElseThrow().displayName()).isEqualTo("one");
    KernelSpec same = specs.find("a").orElseThrow();
    assertThat(specs.find("a").orElseThrow()).isSameAs(same);
    Files.writeString(file, SPEC.formatted("two"));
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-11-24T10:00:00Z")));
    assertThat(specs.find("a").orElseThrow().displayName()).isEqualTo("two");
    write(second, "b", SPEC.formatted("b"));
    assertThat(specs.all()).containsOnlyKeys("a", "b");
    Files.delete(file);
    assertThat(specs.all()).containsOnlyKeys("b");
  }

  @Test
  void aBrokenOneIsLeftOutAndToldOnceUntilItChanges() throws IOException {
    write(first, "good", SPEC.formatted("good"));
    Path broken = write(first, "broken", "{\"argv\": [");
    write(second, "broken", SPEC.formatted("hidden"));
    write(first, "bad name", SPEC.formatted("x"));
    try (Warnings warnings = new Warnings()) {
      assertThat(specs.all()).containsOnlyKeys("good");
      assertThat(specs.all()).containsOnlyKeys("good");
      assertThat(warnings.count).isEqualTo(2);
      Files.writeString(broken, "{\"argv\": []}");
      assertThat(specs.all()).containsOnlyKeys("good");
      assertThat(warnings.count).isEqualTo(3);
      Files.writeString(broken, SPEC.formatted("repaired"));
      assertThat(specs.all()).containsOnlyKeys("broken", "good");
      assertThat(warnings.count).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | is no JSON object",
        "{\"argv\": [\"a\"]} {} | is not JSON",
        "{} | has no command in its field argv",
        "{\"argv\": \"a\"} | has no command in its field argv",
        "{\"argv\": [1]} | has something else than text in its field argv",
        "{\"argv\": [\"a\"], \"env\": []} | has no object in its field env",
        "{\"argv\": [\"a\"], \"env\": {\"A\": 1}} | has something else than text in its field env",
        "{\"argv\": [\"a\"], \"display_name\": 1} | has no text in its field display_name",
        "{\"argv\": [\"a\"], \"interrupt_mode\": \"kill\"} | has an unknown interrupt_mode"
      })
  void saysWhatIsWrong(String json, String why) throws IOException {
    Path file = write(first, "x", json);
    assertThatThrownBy(() -> KernelSpecReader.read("x", file.resolveSibling("")))
        .isInstanceOf(KernelSpecException.class)
        .hasMessageContaining(why);
  }

  @Test
  void anyDamagedFileIsReadOrRefused() throws IOException {
    Path file = write(first, "x", SPEC.formatted("x"));
    byte[] whole = Files.readAllBytes(file);
    SeededRandom.check(
        300,
        random -> {
          Files.write(file, new RandomJson(random).damaged(whole));
          try {
            assertThat(KernelSpecReader.read("x", first.resolve("x")).argv()).isNotEmpty();
          } catch (KernelSpecException e) {
            assertThat(e.reason()).isNotEmpty();
          }
        });
  }

  @Test
  void offersTheKernelOfAPythonThatHasOneWhereNoneIsFound() throws IOException {
    Path prefix = directory.resolve("env");
    Path ipykernel =
        Files.createDirectories(prefix.resolve("lib/python3.12/site-packages/ipykernel"));
    Files.writeString(ipykernel.resolve("kernelspec.py"), "");
    Files.writeString(
        Files.createDirectories(ipykernel.resolve("resources")).resolve("logo-64x64.png"), "");
    PythonEnvironment python = PythonEnvironment.of(prefix.resolve("bin/python"));
    KernelSpecs withPython = new KernelSpecs(List.of(first), Optional.of(python));
    KernelSpec spec = withPython.find("python3").orElseThrow();
    assertThat(spec.argv())
        .startsWith(prefix.resolve("bin/python").toString(), "-m")
        .endsWith("{connection_file}");
    assertThat(withPython.resource("python3", "logo-64x64.png")).isPresent();
    write(first, "python3", SPEC.formatted("found"));
    assertThat(withPython.find("python3").orElseThrow().displayName()).isEqualTo("found");
  }

  private static Path write(Path folder, String name, String json) throws IOException {
    Path kernel = Files.createDirectories(folder.resolve(name));
    return Files.writeString(kernel.resolve("kernel.json"), json);
  }

  /** Counts what the class under test warns of. */
  private static final class Warnings extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger(KernelSpecs.class.getName());
    private int count;

    Warnings() {
      logger.addHandler(this);
      logger.setUseParentHandlers(false);
    }

    @Override
    public void publish(LogRecord record) {
      count++;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
      logger.setUseParentHandlers(true);
    }
  }
}
