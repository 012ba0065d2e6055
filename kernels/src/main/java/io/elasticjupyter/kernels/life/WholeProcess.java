// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.KernelFailure.ImageFailed;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.ProcessImages;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Consumer;

/** The image of a kernel's process, which is kept beside its variables where that can be done. */
final class WholeProcess {

  private static final System.Logger LOG = System.getLogger(WholeProcess.class.getName());

  private final KernelIdentity identity;
  private final KernelParts parts;
  private final Consumer<LifeEvent> events;

  WholeProcess(KernelIdentity identity, KernelParts parts, Consumer<LifeEvent> events) {
    this.identity = identity;
    this.parts = parts;
    this.events = events;
  }

  /**
   * Whether a kernel that sleeps for that reason keeps its process. One that goes elsewhere has no
   * use for it, and one that must leave no time.
   */
  boolean isKept(SleepReason reason) {
    return parts.images().isPresent()
        && switch (reason) {
          case SleepReason.Idle _, SleepReason.Asked _ -> true;
          case SleepReason.Leaving _, SleepReason.Move _ -> false;
        };
  }

  /** Writes the image beside the kernel's own thread; what became of it comes as an event. */
  void take(KernelProcess process, int generation, long maxBytes, Duration timeout, int attempt) {
    Thread _ =
        Thread.ofVirtual()
            .name("kernel-image-" + identity.id())
            .start(() ->
                events.accept(
                    new LifeEvent.ImageTaken(
                        attempt,
                        process,
                        generation,
                        taken(process, generation, maxBytes, timeout))));
  }

  private TakenImage taken(KernelProcess process, int generation, long maxBytes, Duration timeout) {
    try {
      return new TakenImage.Written(
          images().take(identity.launchRequest(), process, generation, maxBytes, timeout));
    } catch (ImageFailed e) {
      LOG.log(
          Level.INFO,
          "event=process-not-kept kernel={0} consequence=variables-only reason={1}",
          identity.id(),
          e.getMessage());
      return new TakenImage.Refused(String.valueOf(e.getMessage()), e.harmed());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new TakenImage.Refused("The gateway is being stopped.", false);
    } catch (RuntimeException e) {
      // Whoever waits for the event would wait for ever.
      LOG.log(Level.ERROR, "event=image-failed kernel=" + identity.id(), e);
      return new TakenImage.Refused("The gateway failed; its log says more.", true);
    }
  }

  /** Whether a sleeping kernel's process can be tried to be brought back. */
  boolean has(int generation) {
    return parts
        .images()
        .map(images -> images.has(identity.launchRequest(), generation))
        .orElse(false);
  }

  /**
   * Deletes the image: a process that went on from it, or could not, does not come back from it.
   */
  void remove(int generation) {
    parts.images().ifPresent(images -> images.remove(identity.launchRequest(), generation));
  }

  ProcessImages images() {
    return parts
        .images()
        .orElseThrow(() -> new IllegalStateException("processes are not kept here"));
  }
}
