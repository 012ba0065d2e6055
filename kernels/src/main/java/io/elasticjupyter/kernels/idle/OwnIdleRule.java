// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.idle;

import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.hibernation.HibernationSettings.IdleAction;
import io.elasticjupyter.kernels.hibernation.HibernationSettings.OnLoss;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a client asks of the idle rule for its one kernel, by {@code KERNEL_IDLE_*} in the
 * environment that it gives. It goes before what the kernelspec says, which goes before the
 * gateway's. Pure.
 *
 * @param timeout how long the kernel may do nothing; zero for ever
 */
public record OwnIdleRule(
    Optional<Duration> timeout, Optional<IdleAction> action, Optional<OnLoss> onLoss) {

  /** Seconds. */
  public static final String TIMEOUT = "KERNEL_IDLE_TIMEOUT";

  /** {@code hibernate} or {@code delete}. */
  public static final String ACTION = "KERNEL_IDLE_ACTION";

  /** {@code proceed} or {@code keep-running}. */
  public static final String ON_LOSS = "KERNEL_IDLE_ON_LOSS";

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,3})?");

  /** Reads it; a value that cannot be read asks for nothing. */
  public static OwnIdleRule of(Map<String, String> env) {
    return new OwnIdleRule(
        given(env, TIMEOUT)
            .filter(text -> SECONDS.matcher(text).matches())
            .map(OwnIdleRule::seconds),
        given(env, ACTION).flatMap(text -> choice(IdleAction.class, text)),
        given(env, ON_LOSS).flatMap(text -> choice(OnLoss.class, text)));
  }

  /** What cannot be read of it, as a sentence; empty where all can. */
  public static Optional<String> unreadable(Map<String, String> env) {
    OwnIdleRule rule = of(env);
    if (given(env, TIMEOUT).isPresent() && rule.timeout().isEmpty()) {
      return Optional.of(TIMEOUT + " must be a number of seconds, 0 or more");
    }
    if (given(env, ACTION).isPresent() && rule.action().isEmpty()) {
      return Optional.of(ACTION + " must be " + words(IdleAction.class));
    }
    if (given(env, ON_LOSS).isPresent() && rule.onLoss().isEmpty()) {
      return Optional.of(ON_LOSS + " must be " + words(OnLoss.class));
    }
    return Optional.empty();
  }

  private static Optional<String> given(Map<String, String> env, String name) {
    return Optional.of(env.getOrDefault(name, "").strip()).filter(text -> !text.isEmpty());
  }

  private static Duration seconds(String text) {
    return Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValue());
  }

  private static <T extends Enum<T>> Optional<T> choice(Class<T> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> word(each).equals(text.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String words(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(OwnIdleRule::word)
        .collect(Collectors.joining(" or "));
  }

  /**
   * What of it is more than a client may ask, as a sentence; empty where nothing is. Less of what
   * is held may always be asked: a shorter time, and an end in place of sleep.
   *
   * @param idle what holds for the kernel otherwise
   * @param hibernation likewise
   */
  public Optional<String> beyond(IdleSettings idle, HibernationSettings hibernation) {
    if (timeout.isPresent() && isLonger(timeout.get(), idle)) {
      Duration most =
          idle.longestOwn().compareTo(idle.timeout()) > 0 ? idle.longestOwn() : idle.timeout();
      return Optional.of(
          "%s may be at most %d seconds here, and not 0, which is for ever."
              .formatted(TIMEOUT, most.toSeconds()));
    }
    if (action.filter(IdleAction.HIBERNATE::equals).isPresent()
        && hibernation.action() == IdleAction.DELETE) {
      return Optional.of(
          ACTION + " cannot be hibernate: idle kernels of this kind are ended here, not saved.");
    }
    return Optional.empty();
  }

  private static boolean isLonger(Duration own, IdleSettings idle) {
    if (idle.timeout().isZero()) {
      return false;
    }
    return own.isZero()
        || (own.compareTo(idle.timeout()) > 0 && own.compareTo(idle.longestOwn()) > 0);
  }

  /** The rule with what is asked here. */
  public IdleSettings over(IdleSettings idle) {
    return timeout.map(idle::withTimeout).orElse(idle);
  }

  /** What becomes of the idle kernel, with what is asked here. */
  public HibernationSettings over(HibernationSettings hibernation) {
    HibernationSettings acting = action.map(hibernation::withAction).orElse(hibernation);
    return onLoss.map(acting::withOnLoss).orElse(acting);
  }
}
