// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One thing that a person can set: by an option, by an environment variable, or by leaving it at
 * its default. Immutable.
 *
 * @param option as it is typed, {@code --cull-idle-timeout}
 * @param names environment variables that set it, the first that has a value wins
 * @param shape how it is written on the command line
 * @param fallback its value where nobody sets it, written as a person would write it
 * @param explanation one or two sentences for {@code --help}
 * @param reader turns the text into the value
 */
public record Setting<T>(
    String option,
    List<String> names,
    Shape shape,
    String fallback,
    String explanation,
    ValueReader<T> reader) {

  /** Turns what a person wrote into a value. */
  @FunctionalInterface
  public interface ValueReader<T> {
    /**
     * The value that the text stands for.
     *
     * @throws BadValue with a sentence that continues "X is 'abc', which ..."
     */
    T read(String text) throws BadValue;
  }

  /** How many values an option takes. */
  public enum Arity {
    /** Exactly one. */
    ONE,
    /** One or more, and the option may be repeated. */
    SEVERAL,
    /** None is needed: alone it means {@code true}; {@code --flag=false} is possible. */
    FLAG
  }

  /**
   * How an option takes its value.
   *
   * @param placeholder what stands for the value in help
   * @param separator what several values are joined by before they are read
   */
  public record Shape(Arity arity, String placeholder, String separator) {

    public static Shape one(String placeholder) {
      return new Shape(Arity.ONE, placeholder, "");
    }

    public static Shape several(String placeholder, String separator) {
      return new Shape(Arity.SEVERAL, placeholder, separator);
    }

    public static Shape flag() {
      return new Shape(Arity.FLAG, "", "");
    }
  }

  public Setting {
    names = List.copyOf(names);
  }

  /**
   * A setting whose environment names follow from its option: {@code EG_} and {@code KG_} with the
   * option's words in upper case.
   */
  public static <T> Setting<T> of(
      String option, Shape shape, String fallback, ValueReader<T> reader, String explanation) {
    String suffix = option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    return new Setting<>(
        option, List.of("EG_" + suffix, "KG_" + suffix), shape, fallback, explanation, reader);
  }

  /** The same setting under these environment names instead. */
  public Setting<T> named(String... environmentNames) {
    return new Setting<>(option, List.of(environmentNames), shape, fallback, explanation, reader);
  }

  /** The same setting with another default, for a program that wants another. */
  public Setting<T> withFallback(String other) {
    return new Setting<>(option, names, shape, other, explanation, reader);
  }

  /** The same setting with older spellings of its environment names, which are asked last. */
  public Setting<T> alsoNamed(String... olderNames) {
    List<String> all = new ArrayList<>(names);
    all.addAll(List.of(olderNames));
    return new Setting<>(option, all, shape, fallback, explanation, reader);
  }

  /** Option and placeholder as help shows them. */
  public String synopsis() {
    return switch (shape.arity()) {
      case ONE -> option + " " + shape.placeholder();
      case SEVERAL -> option + " " + shape.placeholder() + "...";
      case FLAG -> option;
    };
  }
}
