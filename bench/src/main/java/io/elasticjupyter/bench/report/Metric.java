// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.report;

/**
 * Something that is measured.
 *
 * @param name for the tables
 * @param unit for the tables
 * @param better which direction is good
 */
public record Metric(String name, String unit, Better better) {

  /** Which direction is good. */
  public enum Better {
    HIGHER,
    LOWER
  }

  public static Metric higher(String name, String unit) {
    return new Metric(name, unit, Better.HIGHER);
  }

  public static Metric lower(String name, String unit) {
    return new Metric(name, unit, Better.LOWER);
  }

  /** Name and unit. */
  public String label() {
    return unit.isEmpty() ? name : name + ", " + unit;
  }
}
