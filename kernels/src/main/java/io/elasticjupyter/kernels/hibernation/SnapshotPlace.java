// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.Predicate;

/** Where the helper of a kernel finds its snapshots. Safe for any thread. */
public interface SnapshotPlace {

  /** What a helper may do there. */
  enum Use {
    SAVE,
    RESTORE
  }

  /** The right to use the place for one call. */
  interface Access {

    /** Takes it back. Idempotent. */
    void end();

    /**
     * What to believe of the helper's answer, where the gateway can look at the place itself. May
     * wait for the network.
     */
    default HelperAnswer checked(HelperAnswer answer) {
      return answer;
    }
  }

  /**
   * Opens the place for one call to the helper, and describes it in the request ({@code store}).
   *
   * @param folder the kernel's own in the gateway's state directory, deleted with the kernel
   * @param maxBytes the largest snapshot of one kernel
   */
  Access open(Use use, Path folder, long maxBytes, ObjectNode request);

  /** The right to the one file of a generation, for one call to a language without the helper. */
  interface FileAccess extends Access {

    /** Where the gateway has it. */
    Path file();

    /** Where the kernel has it. */
    String path();

    /** Where the kernel puts it to, or gets it from; empty where both see the same file. */
    String url();

    /** For that address; empty likewise. */
    String token();

    /**
     * The one certificate that whoever answers at that address must have, as Base64 in one line;
     * empty where that is plain HTTP.
     */
    default String certificate() {
      return "";
    }
  }

  /**
   * Opens the place for one call that saves a session to one file, or restores it.
   *
   * @param folder the kernel's own in the gateway's state directory
   * @param maxBytes the largest snapshot of one kernel
   * @throws IOException if there cannot be a file
   */
  FileAccess openFile(Use use, Path folder, int generation, long maxBytes) throws IOException;

  /**
   * Makes what the kernel's machine needs to reach the place, before the kernel is launched there.
   *
   * @param folder the kernel's own in the gateway's state directory
   * @throws IOException if that cannot be; the kernel can run, and not hibernate
   */
  default void prepare(Path folder) throws IOException {}

  /** Removes all but these generations, and what is half written. */
  void keepOnly(Path folder, Collection<Integer> generations);

  /** What a kernel's snapshots take, those half written too. */
  long bytes(Path folder);

  /** Removes what is kept elsewhere than in the kernel's folder, when the kernel ends for good. */
  default void forget(Path folder) {}

  /**
   * Removes what was left of kernels that ended long ago. May wait for the network.
   *
   * @param isKnown whether there is a kernel with that id
   */
  default void sweep(Predicate<String> isKnown) {}

  /** A folder that gateway and kernel share, as on one machine. */
  static SnapshotPlace inKernelFolder() {
    return new SharedFolder();
  }
}
