// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.settings;

import java.io.File;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How texts become values. Each message continues "X is 'abc', ". */
public final class ValueReaders {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([kmgt]?)(i?b)?");
  private static final BigDecimal MOST_SECONDS =
      BigDecimal.valueOf(Duration.ofDays(36_500).toSeconds());

  private ValueReaders() {}

  /** Any text. */
  public static String text(String text) {
    return text;
  }

  /** Any text; empty where there is none. */
  public static Optional<String> optionalText(String text) {
    return Optional.of(text).filter(given -> !given.isEmpty());
  }

  /** A text that is not empty. */
  public static String word(String text) throws BadValue {
    if (text.isBlank()) {
      throw new BadValue("but must not be empty");
    }
    return text.strip();
  }

  public static boolean flag(String text) throws BadValue {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw new BadValue("but must be true or false");
    };
  }

  /** One of an enum's constants, written in small letters with dashes. */
  public static <E extends Enum<E>> Setting.ValueReader<E> oneOf(Class<E> type) {
    return text -> {
      String wanted = text.strip().toUpperCase(Locale.ROOT).replace('-', '_');
      for (E constant : type.getEnumConstants()) {
        if (constant.name().equals(wanted)) {
          return constant;
        }
      }
      throw new BadValue("but must be " + choices(type));
    };
  }

  /** The same constants for a placeholder or a sentence. */
  private static <E extends Enum<E>> String choices(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(Collectors.joining(" or "));
  }

  /** A whole number between two bounds, both possible. */
  public static Setting.ValueReader<Integer> number(int least, int most) {
    return text -> {
      try {
        int number = Integer.parseInt(text.strip());
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException notANumber) {
        throw new BadValue(range(least, most));
      }
      throw new BadValue(range(least, most));
    };
  }

  private static String range(int least, int most) {
    return most == Integer.MAX_VALUE
        ? "but must be a whole number, %d or more".formatted(least)
        : "but must be a whole number from %d to %d".formatted(least, most);
  }

  /** Seconds, with a fraction if need be. */
  public static Duration seconds(String text) throws BadValue {
    String problem = "but must be a number of seconds, 0 or more";
    try {
      BigDecimal seconds = new BigDecimal(text.strip());
      if (seconds.signum() < 0 || seconds.compareTo(MOST_SECONDS) > 0) {
        throw new BadValue(problem);
      }
      return Duration.ofNanos(seconds.movePointRight(9).longValue());
    } catch (NumberFormatException notANumber) {
      throw new BadValue(problem);
    }
  }

  /** Seconds, more than none. */
  public static Duration positiveSeconds(String text) throws BadValue {
    Duration duration = seconds(text);
    if (duration.toMillis() < 1) {
      throw new BadValue("but must be a number of seconds, more than 0");
    }
    return duration;
  }

  /** A duration as {@link #seconds} reads it. */
  public static String inSeconds(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros().toPlainString();
  }

  /** Bytes, with a suffix such as {@code 64M} or {@code 2GiB} (powers of 1,024). */
  public static long bytes(String text) throws BadValue {
    Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new BadValue("but must be a size in bytes such as 1048576, 512K, 64M or 2G");
    }
    long number = Long.parseLong(matcher.group(1));
    int shift =
        switch (matcher.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          case "t" -> 40;
          default -> 0;
        };
    if (number > Long.MAX_VALUE >> shift) {
      throw new BadValue("which is more than can be counted");
    }
    return number << shift;
  }

  /** Of a server without encryption, as inside a cluster. */
  public static URI httpUrl(String text) throws BadValue {
    try {
      URI url = new URI(text.strip());
      if ("http".equals(url.getScheme()) && url.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException notAnAddress) {
      throw new BadValue("which is no address: " + notAnAddress.getReason());
    }
    throw new BadValue("but must be like http://host:8888");
  }

  public static Path path(String text) throws BadValue {
    try {
      return Path.of(word(text)).toAbsolutePath().normalize();
    } catch (InvalidPathException notAPath) {
      throw new BadValue("which is not a path: " + notAPath.getReason());
    }
  }

  public static Optional<Path> optionalPath(String text) throws BadValue {
    return text.isBlank() ? Optional.empty() : Optional.of(path(text));
  }

  /** Paths, joined by the system's path separator. */
  public static List<Path> paths(String text) throws BadValue {
    List<Path> paths = new ArrayList<>();
    for (String part : text.split(Pattern.quote(File.pathSeparator), -1)) {
      if (!part.isBlank()) {
        paths.add(path(part));
      }
    }
    return List.copyOf(paths);
  }

  /**
   * Names, joined by commas or blanks; a JSON or Python list of strings is understood as well,
   * since Enterprise Gateway's images write some of these variables so.
   */
  public static List<String> list(String text) {
    String bare = text.strip();
    if (bare.startsWith("[") && bare.endsWith("]")) {
      bare = bare.substring(1, bare.length() - 1);
    }
    return Arrays.stream(bare.split("[,\\s]+", -1))
        .map(part -> part.replaceAll("^['\"]|['\"]$", ""))
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /** The same as {@link #list}, where order means nothing. */
  public static Set<String> names(String text) {
    return new TreeSet<>(list(text));
  }

  /** Whole numbers, joined like {@link #list}. */
  public static Set<Long> longs(String text) throws BadValue {
    Set<Long> numbers = new TreeSet<>();
    for (String part : list(text)) {
      try {
        numbers.add(Long.parseLong(part));
      } catch (NumberFormatException notANumber) {
        throw new BadValue("but must be whole numbers, joined by commas");
      }
    }
    return numbers;
  }
}
