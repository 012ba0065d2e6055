// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner;

import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.time.Instant;
import java.util.Optional;

/** What somebody wants of a kernel who asks its provisioner instead of the gateway. */
public sealed interface Wish {

  /** It shall give its process back. */
  record Hibernate() implements Wish {}

  /**
   * Its process is about to be taken away, so that it shall be saved, whatever it does.
   *
   * @param until when the process ends at the latest
   * @param why in a sentence
   */
  record Leave(Instant until, String why) implements Wish {}

  /** It shall be woken. */
  record Wake() implements Wish {}

  /**
   * It shall go on with another kernelspec.
   *
   * @param found empty where there is no kernelspec of that name
   */
  record Move(String kernelspec, Optional<KernelSpec> found) implements Wish {}
}
