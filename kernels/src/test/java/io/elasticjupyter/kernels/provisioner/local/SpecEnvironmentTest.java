// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.elasticjupyter.wire.kernelspec.KernelSpec.InterruptMode;
import io.elasticjupyter.wire.kernelspec.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecEnvironmentTest {

  @TempDir Path folder;

  private static KernelSpec spec(Path directory) {
    return new KernelSpec(
        "python3",
        directory,
        List.of("python", "-m", "ipykernel_launcher"),
        Map.of(),
        "Python 3",
        "python",
        InterruptMode.SIGNAL,
        JsonNodeFactory.instance.objectNode());
  }

  private Path environment() throws IOException {
    Path prefix = folder.resolve("venv");
    Files.createDirectories(prefix.resolve("share/jupyter/kernels/python3"));
    Files.createDirectories(prefix.resolve("bin"));
    Files.writeString(prefix.resolve("pyvenv.cfg"), "version = 3.12.1\n");
    Path interpreter = Files.createFile(prefix.resolve("bin/python"));
    assertThat(interpreter.toFile().setExecutable(true)).isTrue();
    return prefix;
  }

  @Test
  void theWordPythonMeansTheEnvironmentThatTheKernelspecIsIn() throws IOException {
    Path prefix = environment();

    assertThat(SpecEnvironment.of(spec(prefix.resolve("share/jupyter/kernels/python3"))))
        .map(PythonEnvironment::interpreter)
        .contains(prefix.resolve("bin/python"));
  }

  @Test
  void aFolderThatIsNoEnvironmentSaysNothing() throws IOException {
    Path prefix = environment();
    Files.delete(prefix.resolve("pyvenv.cfg"));

    assertThat(SpecEnvironment.of(spec(prefix.resolve("share/jupyter/kernels/python3")))).isEmpty();
    assertThat(SpecEnvironment.of(spec(folder.resolve("kernels/python3")))).isEmpty();
    assertThat(SpecEnvironment.of(spec(Path.of("/python3")))).isEmpty();
  }
}
