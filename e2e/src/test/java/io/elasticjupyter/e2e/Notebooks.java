// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Notebook files, nbformat 4.5. */
final class Notebooks {

  private Notebooks() {}

  /** Writes a notebook of code cells that asks for a kernel of the given kernelspec. */
  static Path write(Path file, String kernelspec, String... cells) {
    ObjectNode notebook = Rest.JSON.createObjectNode();
    notebook.put("nbformat", 4).put("nbformat_minor", 5);
    notebook
        .putObject("metadata")
        .putObject("kernelspec")
        .put("name", kernelspec)
        .put("display_name", "Test kernel " + kernelspec)
        .put("language", "python");
    ArrayNode list = notebook.putArray("cells");
    for (String cell : cells) {
      ObjectNode code = list.addObject();
      code.put("id", "cell-" + list.size()).put("cell_type", "code").put("source", cell);
      code.putObject("metadata");
      code.putArray("outputs");
      code.putNull("execution_count");
    }
    try {
      return Files.writeString(file, notebook.toPrettyString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
