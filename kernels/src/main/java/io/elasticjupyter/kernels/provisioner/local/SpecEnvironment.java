// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.elasticjupyter.wire.kernelspec.PythonEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The Python environment that a kernelspec was installed into. ipykernel installs itself with the
 * plain word {@code python}, by which it means that environment; jupyter_client takes the one that
 * it runs in itself, and a gateway in Java runs in none.
 */
final class SpecEnvironment {

  private static final Path FOLDER = Path.of("share", "jupyter", "kernels");

  private SpecEnvironment() {}

  /**
   * The environment of a kernelspec in {@code <prefix>/share/jupyter/kernels/<name>}, if it is one.
   */
  static Optional<PythonEnvironment> of(KernelSpec spec) {
    Path kernels = spec.directory().toAbsolutePath().normalize().getParent();
    if (kernels == null || !kernels.endsWith(FOLDER)) {
      return Optional.empty();
    }
    Path prefix = kernels.resolve("../../..").normalize();
    if (!Files.exists(prefix.resolve("pyvenv.cfg"))) {
      // A whole system such as /usr has more than one Python: there the PATH decides.
      return Optional.empty();
    }
    Path interpreter = prefix.resolve("bin").resolve("python");
    return Files.isExecutable(interpreter)
        ? Optional.of(PythonEnvironment.of(interpreter))
        : Optional.empty();
  }
}
