// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.elasticjupyter.wire.kernelspec.KernelSpecReader;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SavingMeansTest {

  private static Optional<SavingMeans> of(String language, String metadata) throws Exception {
    ObjectNode document =
        (ObjectNode)
            new ObjectMapper()
                .readTree(
                    "{\"argv\": [\"x\", \"{connection_file}\"], \"display_name\": \"x\","
                        + " \"language\": \"%s\", \"metadata\": %s}".formatted(language, metadata));
    KernelSpec spec = KernelSpecReader.of("x", Path.of("/none"), document);
    return SavingMeans.of(spec);
  }

  @Test
  void pythonHasTheHelperAndRTextsOfItsOwn() throws Exception {
    assertThat(of("python", "{}")).contains(new SavingMeans.Injected());
    assertThat(of("R", "{}"))
        .hasValueSatisfying(means ->
            assertThat(means)
                .isInstanceOfSatisfying(
                    SavingMeans.Texts.class,
                    texts -> {
                      assertThat(texts.save()).contains("serialize(", "@PATH@");
                      assertThat(texts.restore()).contains("unserialize(", "@PATH@");
                      assertThat(texts.handOver()).isTrue();
                    }));
    assertThat(of("julia", "{}")).isEmpty();
  }

  @Test
  void aKernelspecSaysHowItsOwnKernelsAreSaved() throws Exception {
    SavingMeans.Texts texts = new SavingMeans.Texts("keep \"@PATH@\"", "one\ntwo");
    String pair =
        "{\"hibernate\": {\"save\": \"keep \\\"@PATH@\\\"\", \"restore\": [\"one\", \"two\"]}}";

    assertThat(of("julia", pair)).contains(texts);
    assertThat(of("python", pair)).contains(texts);
    assertThat(texts.handOver()).isFalse();
  }

  @Test
  void halfAPairIsNone() throws Exception {
    assertThat(of("julia", "{\"hibernate\": {\"save\": \"keep\"}}")).isEmpty();
    assertThat(of("julia", "{\"hibernate\": true}")).isEmpty();
  }
}
