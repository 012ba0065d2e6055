// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import java.util.regex.Pattern;

/** What a kubelet and its container runtime say, without the layers that each has put around it. */
final class NodeWords {

  private static final Pattern AROUND =
      Pattern.compile(
          "Back-off pulling image \"[^\"]*\": "
              + "|ErrImagePull: "
              + "|rpc error: code = \\w+ desc = "
              + "|failed to pull and unpack image \"[^\"]*\": "
              + "|failed to resolve reference \"[^\"]*\": "
              + "|failed to create containerd task: "
              + "|failed to create shim task: "
              + "|OCI runtime create failed: "
              + "|runc create failed: "
              + "|unable to start container process: ");

  private NodeWords() {}

  /** The innermost reason; all of it where nothing is known to be around it. */
  static String of(String said) {
    return AROUND.matcher(said).replaceAll("").replaceFirst(": unknown$", "").strip();
  }
}
