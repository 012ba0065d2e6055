// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.kernelspec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A kernelspec: how a kernel of that name is started (jupyter_client documentation, "Kernel
 * specs").
 *
 * @param name its folder's name, lower case, by which clients ask for it
 * @param directory where kernel.json and the resources are
 * @param argv command with placeholders such as {@code {connection_file}}
 * @param env environment that the kernel gets
 * @param displayName for people
 * @param language for example {@code python}
 * @param interruptMode how a running cell is interrupted
 * @param document the whole kernel.json as it was read, unknown fields included
 */
public record KernelSpec(
    String name,
    Path directory,
    List<String> argv,
    Map<String, String> env,
    String displayName,
    String language,
    InterruptMode interruptMode,
    ObjectNode document) {

  /** How a kernel wants to be interrupted: {@code interrupt_mode} of kernel.json. */
  public enum InterruptMode {
    SIGNAL,
    MESSAGE
  }

  public KernelSpec {
    argv = List.copyOf(argv);
    env = Map.copyOf(env);
  }
}
