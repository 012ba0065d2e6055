// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JupyterLab in a Pod, as its user reaches it through a forwarded port. */
record NotebookServer(Rest rest) {

  static NotebookServer at(URI url) {
    return new NotebookServer(new Rest(url, ""));
  }

  /** Saves a notebook of code cells in the user's home. */
  void save(Path scratch, String name, String kernelspec, String... cells) {
    Path file = Notebooks.write(scratch.resolve(name), kernelspec, cells);
    try {
      ObjectNode body = Rest.JSON.createObjectNode().put("type", "notebook").put("format", "json");
      body.set("content", Rest.JSON.readTree(Files.readString(file)));
      Rest.Answer answer =
          rest.ask(
              "PUT", "/api/contents/" + name, HttpRequest.BodyPublishers.ofString(body.toString()));
      assertThat(answer.status()).as("%s", answer.json()).isEqualTo(201);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The id of the kernel behind a notebook. */
  String kernelOf(String path) {
    for (JsonNode session : rest.get("/api/sessions").json()) {
      if (session.path("path").asText().equals(path)) {
        return session.at("/kernel/id").asText();
      }
    }
    throw new AssertionError("no session for " + path);
  }
}
