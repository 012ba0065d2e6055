// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.elasticjupyter.wire.kernelspec.KernelSpecException;
import io.elasticjupyter.wire.kernelspec.KernelSpecReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Kernelspecs for tests. */
public final class Specs {

  private static final JsonMapper JSON = new JsonMapper();

  private Specs() {}

  /** A kernelspec from its kernel.json. */
  public static KernelSpec of(String name, Path directory, String document) {
    try {
      return KernelSpecReader.of(name, directory, (ObjectNode) JSON.readTree(document));
    } catch (IOException | KernelSpecException e) {
      throw new AssertionError(e);
    }
  }

  /** A plain Python one. */
  public static KernelSpec python(String name) {
    return of(
        name,
        Path.of("/nonexistent"),
        """
        {"argv": ["python", "-f", "{connection_file}"], "display_name": "Python 3",
         "language": "python", "env": {"FROM_SPEC": "spec"}}
        """);
  }

  /** These, by name. */
  public static Supplier<Map<String, KernelSpec>> offering(KernelSpec... specs) {
    Map<String, KernelSpec> byName = new TreeMap<>();
    for (KernelSpec spec : specs) {
      byName.put(spec.name(), spec);
    }
    return () -> byName;
  }
}
