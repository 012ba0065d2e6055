// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** By what a kernel's session is saved and restored, as its kernelspec says. */
public sealed interface SavingMeans {

  /** The helper that is sent into ipykernel. */
  record Injected() implements SavingMeans {}

  /**
   * Two texts in the kernel's own language: one writes the session to a file, the other reads it.
   *
   * @param save with the mark {@value #PATH} where the file's path belongs
   * @param restore likewise
   */
  record Texts(String save, String restore) implements SavingMeans {

    /** Whether they can hand a file over, where gateway and kernel have none in common. */
    boolean handOver() {
      return save.contains(URL) && restore.contains(URL);
    }

    /** Whether they can tell by its certificate to whom. */
    boolean checkCertificate() {
      return save.contains(CERTIFICATE) && restore.contains(CERTIFICATE);
    }
  }

  /** Stands in a text for the file, inside a string of the language. */
  String PATH = "@PATH@";

  /** Stands for where the file is put to and got from; empty where both see the same file. */
  String URL = "@URL@";

  /** Stands for the bearer token of that request. */
  String TOKEN = "@TOKEN@";

  /** Stands for the certificate that is to be trusted there, as Base64 in one line, or empty. */
  String CERTIFICATE = "@CERTIFICATE@";

  /**
   * Those of a kernelspec: the pair {@code hibernate: {"save": …, "restore": …}} of its metadata,
   * each a text or a list of lines; else what its language comes with. Empty where there is
   * neither, so that its kernels cannot hibernate.
   */
  static Optional<SavingMeans> of(KernelSpec spec) {
    JsonNode pair = spec.document().path("metadata").path("hibernate");
    String save = text(pair.path("save"));
    String restore = text(pair.path("restore"));
    if (!save.isBlank() && !restore.isBlank()) {
      return Optional.of(new Texts(save, restore));
    }
    return switch (spec.language().toLowerCase(Locale.ROOT)) {
      case "python" -> Optional.of(new Injected());
      case "r" -> Optional.of(new Texts(resource("save.R"), resource("restore.R")));
      default -> Optional.empty();
    };
  }

  private static String text(JsonNode value) {
    return value.isArray()
        ? StreamSupport.stream(value.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining("\n"))
        : value.asText("");
  }

  private static String resource(String name) {
    try (InputStream in = SavingMeans.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
