// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

/**
 * Something about a kernel that could not be done, with a sentence for a person. The code is
 * stable: it is in logs, HTTP bodies and metric labels.
 */
public sealed class KernelFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final String code;

  private KernelFailure(String code, String message) {
    super(message);
    this.code = code;
  }

  /** Stable, in kebab case, for example {@code kernel-exists}. */
  public String code() {
    return code;
  }

  /** The id that was asked for belongs to a kernel already. */
  public static final class KernelExists extends KernelFailure {
    private static final long serialVersionUID = 1L;

    public KernelExists(KernelId id) {
      this("A kernel with the id " + id + " exists already.");
    }

    private KernelExists(String message) {
      super("kernel-exists", message);
    }

    /** It was deleted, and its process has not ended yet. */
    public static KernelExists beingEnded(KernelId id) {
      return new KernelExists(
          "The kernel with the id " + id + " is still being ended; try again in a moment.");
    }
  }

  /** The kernel is dead or deleted, so nothing can be asked of it. */
  public static final class KernelGone extends KernelFailure {
    private static final long serialVersionUID = 1L;

    public KernelGone(KernelId id, String why) {
      super("kernel-gone", "Kernel " + id + " is gone: " + why);
    }
  }

  /** The kernel was asked for with more than its user may have. */
  public static final class NotAllowed extends KernelFailure {
    private static final long serialVersionUID = 1L;

    public NotAllowed(String why) {
      super("not-allowed", why);
    }
  }

  /** The kernel's program could not be started. */
  public static final class LaunchFailed extends KernelFailure {
    private static final long serialVersionUID = 1L;

    public LaunchFailed(String why) {
      super("launch-failed", why);
    }
  }

  /** The kernel could not be let hibernate, and keeps its process. */
  public static final class HibernationFailed extends KernelFailure {
    private static final long serialVersionUID = 1L;

    public HibernationFailed(String why) {
      super("hibernation-failed", why);
    }
  }

  /** The kernel could not be interrupted. */
  public static final class InterruptFailed extends KernelFailure {
    private static final long serialVersionUID = 1L;

    public InterruptFailed(String why) {
      super("interrupt-failed", why);
    }
  }

  /** The kernel's whole process could not be kept, or brought back. */
  public static final class ImageFailed extends KernelFailure {
    private static final long serialVersionUID = 1L;

    private final boolean harmed;

    public ImageFailed(String why) {
      this(why, false);
    }

    /**
     * @param harmed whether the process may not be what it was, so that it must not run on
     */
    public ImageFailed(String why, boolean harmed) {
      super("image-failed", why);
      this.harmed = harmed;
    }

    /** Whether the process may not be what it was, so that it must not run on. */
    public boolean harmed() {
      return harmed;
    }
  }
}
