// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.accounting;

/**
 * How long a kernel held its process or Pod, and how long it gave it back, in milliseconds.
 *
 * @param busyMillis while it ran something
 * @param idleMillis while it did nothing
 * @param givenBackMillis while it hibernated
 */
public record HeldTime(long busyMillis, long idleMillis, long givenBackMillis) {

  /** Of a kernel that begins. */
  public static final HeldTime NOTHING = new HeldTime(0, 0, 0);

  public HeldTime {
    if (busyMillis < 0 || idleMillis < 0 || givenBackMillis < 0) {
      throw new IllegalArgumentException("a time cannot be negative");
    }
  }

  /** With some time more of a use; that of {@link Use#NONE} counts nowhere. */
  public HeldTime plus(Use use, long millis) {
    return switch (use) {
      case BUSY -> new HeldTime(busyMillis + millis, idleMillis, givenBackMillis);
      case IDLE -> new HeldTime(busyMillis, idleMillis + millis, givenBackMillis);
      case GIVEN_BACK -> new HeldTime(busyMillis, idleMillis, givenBackMillis + millis);
      case NONE -> this;
    };
  }
}
