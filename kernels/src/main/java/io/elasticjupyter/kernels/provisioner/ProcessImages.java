// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner;

import io.elasticjupyter.kernels.KernelFailure;
import java.time.Duration;
import java.util.List;

/**
 * Keeps a kernel's whole process in files while it sleeps, beside its variables, and brings it back
 * as it was. An image is good once, on this machine, until that is restarted. Safe for any thread;
 * calls may block for as long as it takes to write, or read, what the process holds.
 */
public interface ProcessImages {

  /**
   * An image that was written.
   *
   * @param bytes what it takes
   * @param cut connections to elsewhere that the process had and will not have any more, by address
   */
  record Taken(long bytes, List<String> cut) {

    public Taken {
      cut = List.copyOf(cut);
    }
  }

  /**
   * Writes what a process is, and leaves it stopped: it is to be killed, or {@linkplain
   * KernelProcess#resume resumed}.
   *
   * @param generation of the snapshot that it lies beside, and is deleted with
   * @param maxBytes that it may take
   * @param timeout over which nothing is waited for
   * @throws KernelFailure.ImageFailed if it is not done, with the reason in a sentence; the process
   *     runs on, and there is no image
   */
  Taken take(
      LaunchRequest request, KernelProcess process, int generation, long maxBytes, Duration timeout)
      throws KernelFailure.ImageFailed, InterruptedException;

  /** Whether there is an image of that generation. */
  boolean has(LaunchRequest request, int generation);

  /**
   * Brings a process back from its image, which is checked before.
   *
   * @throws KernelFailure.ImageFailed if it is not there then, with the reason in a sentence
   * @throws InterruptedException if the caller was interrupted; nothing runs then either
   */
  KernelProcess bringBack(LaunchRequest request, int generation, Duration timeout)
      throws KernelFailure.ImageFailed, InterruptedException;

  /** Deletes the image of that generation, if there is one. */
  void remove(LaunchRequest request, int generation);
}
