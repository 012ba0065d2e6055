// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.replicas;

/**
 * One gateway process among those that serve the same kernels.
 *
 * @param name of its place, such as its Pod; the same after a restart there
 * @param incarnation of its process; another one after a restart
 * @param address where the others reach it, {@code host:port}
 * @param leaving whether it gives away what it has and takes nothing more
 */
public record Replica(String name, String incarnation, String address, boolean leaving) {

  private static final char SEPARATOR = '/';

  /** Names this process and no other, {@code NAME/INCARNATION}. */
  public String id() {
    return name + SEPARATOR + incarnation;
  }

  /** The name in an {@link #id}. */
  public static String nameOf(String id) {
    int end = id.indexOf(SEPARATOR);
    return end < 0 ? id : id.substring(0, end);
  }
}
