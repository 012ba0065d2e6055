// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The generator of property tests. Each round of a property has its own seed; a failing round names
 * it, and {@code -Delastic.seed=SEED} runs that round alone.
 */
public final class SeededRandom {

  /** The property that names the seed of the one round to run. */
  public static final String SEED_PROPERTY = "elastic.seed";

  // What decoders get wrong: quotes, escapes, controls, two, three and four bytes of UTF-8.
  private static final String NASTY = "\"\\/\u0000\n\r\t\u007f\u00e9\u00df\u4e2d\u2028\ufeff{}[],:";

  private final RandomGenerator random;

  private SeededRandom(long seed) {
    random = new SplittableRandom(seed);
  }

  /** What shall hold for whatever the generator gives. */
  @FunctionalInterface
  public interface Property {
    void check(SeededRandom random) throws Exception;
  }

  /**
   * Checks a property so many times, each time with another seed.
   *
   * @throws AssertionError at the first round that fails, with its seed
   */
  public static void check(int rounds, Property property) {
    Long replayed = Long.getLong(SEED_PROPERTY);
    if (replayed != null) {
      checkOnce(replayed, property);
      return;
    }
    SplittableRandom seeds = new SplittableRandom();
    for (int round = 0; round < rounds; round++) {
      checkOnce(seeds.nextLong(), property);
    }
  }

  private static void checkOnce(long seed, Property property) {
    try {
      property.check(new SeededRandom(seed));
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "the property failed; run it again with -D" + SEED_PROPERTY + "=" + seed + ": " + e, e);
    }
  }

  /** A number from {@code low} to {@code high}, both possible. */
  public int between(int low, int high) {
    return random.nextInt(low, Math.addExact(high, 1));
  }

  /** Any long, small ones and the extremes more often than chance would give them. */
  public long anyLong() {
    return switch (between(0, 4)) {
      case 0 -> between(-2, 2);
      case 1 -> oneOf(List.of(Long.MIN_VALUE, Long.MAX_VALUE, (long) Integer.MAX_VALUE, 1L << 32));
      default -> random.nextLong();
    };
  }

  /** True so many times in a hundred. */
  public boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  /** Up to {@code most} bytes, none among them too. */
  public byte[] bytes(int most) {
    byte[] bytes = new byte[between(0, most)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Up to {@code most} characters of well-formed text, with many that need escaping. */
  public String text(int most) {
    StringBuilder text = new StringBuilder();
    int length = between(0, most);
    for (int index = 0; index < length; index++) {
      switch (between(0, 3)) {
        case 0 -> text.append(NASTY.charAt(random.nextInt(NASTY.length())));
        case 1 -> text.appendCodePoint(random.nextInt(0x1F300, 0x1F600));
        default -> text.append((char) random.nextInt('a', 'z' + 1));
      }
    }
    return text.toString();
  }

  /** One of the choices. */
  public <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Up to {@code most} of what {@code each} gives. */
  public <T> List<T> listOf(int most, Supplier<T> each) {
    List<T> list = new ArrayList<>();
    int length = between(0, most);
    for (int index = 0; index < length; index++) {
      list.add(each.get());
    }
    return list;
  }

  /** The bytes cut into pieces at random places, as a network may deliver them. */
  public List<byte[]> cut(byte[] bytes) {
    List<byte[]> pieces = new ArrayList<>();
    int from = 0;
    while (from < bytes.length) {
      int to = Math.min(bytes.length, from + between(1, Math.max(1, bytes.length / 3)));
      pieces.add(Arrays.copyOfRange(bytes, from, to));
      from = to;
    }
    return pieces;
  }
}
