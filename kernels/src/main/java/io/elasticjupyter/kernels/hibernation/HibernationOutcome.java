// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

/** What became of the wish that a kernel hibernates. */
public sealed interface HibernationOutcome {

  /** Its variables are saved, and its process is gone. */
  record Hibernated(Snapshot snapshot) implements HibernationOutcome {}

  /** It runs on, for a reason that may be over in a moment: somebody uses it. */
  record Refused(String why) implements HibernationOutcome {}

  /**
   * It runs on, since it cannot be saved.
   *
   * @param forGood whether another try cannot end otherwise
   */
  record Failed(String why, boolean forGood) implements HibernationOutcome {}

  /** It runs on, since what it was to move to cannot take it over. */
  record Unfit(String why) implements HibernationOutcome {}
}
