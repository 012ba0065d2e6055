// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NodeWordsTest {

  @Test
  void anUnreachableRegistryIsWhatIsLeftOfItsLayers() {
    assertThat(
            NodeWords.of(
                "Back-off pulling image \"a:1\": ErrImagePull: failed to pull and unpack image"
                    + " \"a:1\": failed to resolve reference \"a:1\": failed to do request: Head"
                    + " \"http://a/v2/\": dial tcp 127.0.0.1:1: connect: connection refused"))
        .isEqualTo(
            "failed to do request: Head \"http://a/v2/\": dial tcp 127.0.0.1:1: connect: connection"
                + " refused");
  }

  @Test
  void aMissingProgramIsNamedFirst() {
    assertThat(
            NodeWords.of(
                "failed to create containerd task: failed to create shim task: OCI runtime create"
                    + " failed: runc create failed: unable to start container process: exec:"
                    + " \"python3\": executable file not found in $PATH: unknown"))
        .isEqualTo("exec: \"python3\": executable file not found in $PATH");
  }

  @Test
  void otherWordsStayAsTheyAre() {
    assertThat(NodeWords.of("a volume is full")).isEqualTo("a volume is full");
  }
}
