// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.kernelspec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.kernelspec.KernelSpec.InterruptMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelSpecResourcesTest {

  @TempDir private Path directory;
  private Path root;
  private KernelSpec spec;

  @BeforeEach
  void aKernelspecBesideSomethingSecret() throws IOException {
    root = Files.createDirectories(directory.resolve("spec"));
    Files.createDirectories(root.resolve("sub"));
    Files.createDirectories(directory.resolve("spec-other"));
    for (String file :
        List.of(
            "spec/kernel.js",
            "spec/logo-32x32.png",
            "spec/logo-64x64.png",
            "spec/logo-svg.svg",
            "spec/sub/a b.txt",
            "spec/kernel.json",
            "secret",
            "spec-other/secret")) {
      Files.writeString(directory.resolve(file), file);
    }
    spec =
        new KernelSpec(
            "x",
            root,
            List.of("a"),
            Map.of(),
            "X",
            "",
            InterruptMode.SIGNAL,
            JsonNodeFactory.instance.objectNode());
  }

  @Test
  void listsLogosByStemAndScriptsByName() throws IOException {
    assertThat(KernelSpecResources.list(spec))
        .isEqualTo(
            Map.of(
                "kernel.js", "kernel.js",
                "logo-32x32", "logo-32x32.png",
                "logo-64x64", "logo-64x64.png",
                "logo-svg", "logo-svg.svg"));
    Files.writeString(root.resolve("logo-64x64.jpg"), "");
    Files.writeString(root.resolve("kernel.css"), "");
    assertThat(KernelSpecResources.list(spec))
        .containsEntry("logo-64x64", "logo-64x64.jpg")
        .containsEntry("kernel.css", "kernel.css");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel.js", "logo-svg.svg", "sub/a b.txt", "kernel.json"})
  void givesFilesOfTheFolder(String file) {
    assertThat(KernelSpecResources.resolve(spec, file)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "/",
        "sub",
        "sub/",
        "../secret",
        "../spec-other/secret",
        "sub/../../secret",
        "sub/../kernel.js",
        "./kernel.js",
        "//etc/passwd",
        "/etc/passwd",
        "%2e%2e/secret",
        "..%2fsecret",
        "..\\secret",
        "kernel.js\u0000",
        "kernel.js/",
        "kernel.js/..",
        "~/x",
        "none",
        "\ud800",
        "....//secret",
        "sub//a b.txt"
      })
  void givesNothingElse(String file) {
    assertThat(KernelSpecResources.resolve(spec, file)).isEmpty();
  }

  @Test
  void givesNothingThatIsTooLongForAName() {
    assertThat(KernelSpecResources.resolve(spec, "a".repeat(100_000))).isEmpty();
    assertThat(KernelSpecResources.resolve(spec, "a/".repeat(100_000) + "a")).isEmpty();
  }

  @Test
  void linksMayStayInsideButNotLeadOut() throws IOException {
    Files.createSymbolicLink(root.resolve("inside"), Path.of("kernel.js"));
    Files.createSymbolicLink(root.resolve("outside"), directory.resolve("secret"));
    Files.createSymbolicLink(root.resolve("up"), directory);
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    assertThat(KernelSpecResources.resolve(spec, "inside")).isPresent();
    assertThat(KernelSpecResources.resolve(spec, "outside")).isEmpty();
    assertThat(KernelSpecResources.resolve(spec, "up/secret")).isEmpty();
    assertThat(KernelSpecResources.resolve(spec, "loop")).isEmpty();
  }

  @Test
  void aKernelspecThatIsALinkItselfStillHasItsFiles() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), root);
    KernelSpec linked =
        new KernelSpec(
            "x",
            link,
            List.of("a"),
            Map.of(),
            "X",
            "",
            InterruptMode.SIGNAL,
            JsonNodeFactory.instance.objectNode());
    assertThat(KernelSpecResources.resolve(linked, "kernel.js")).isPresent();
    assertThat(KernelSpecResources.resolve(linked, "../secret")).isEmpty();
  }

  @Test
  void noPathOfAnyKindClimbsOut() throws IOException {
    Path real = root.toRealPath();
    SeededRandom.check(
        3_000,
        random -> {
          StringBuilder path = new StringBuilder();
          for (int steps = random.between(1, 6); steps > 0; steps--) {
            path.append(
                random.oneOf(
                    List.of(
                        "..", ".", "/", "sub", "secret", "kernel.js", "\\", "%2e", "spec", "\0")));
            path.append(random.percent(60) ? "/" : "");
          }
          Optional<Path> file = KernelSpecResources.resolve(spec, path.toString());
          assertThat(file.orElse(real.resolve("kernel.js"))).startsWith(real);
        });
  }
}
