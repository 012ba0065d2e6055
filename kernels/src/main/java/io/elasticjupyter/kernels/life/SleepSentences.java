// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.Sizes;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.hibernation.SnapshotReport;
import io.elasticjupyter.kernels.hibernation.SnapshotReport.Entry;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage.Allowance;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What users read about a kernel that hibernates, was woken, or could not be. Pure. */
final class SleepSentences {

  private static final int NAMED = 8;
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  private SleepSentences() {}

  /** While it sleeps, in the kernel's model. */
  static String asleep(Snapshot snapshot, @Nullable String trouble) {
    String state =
        "The kernel hibernates since %s; %s. Run a cell to wake it."
            .formatted(CLOCK.format(snapshot.savedAt()), kept(snapshot.report()));
    return trouble == null ? state : state + " It could not be woken last time: " + trouble;
  }

  /**
   * When it has fallen asleep, below the last cell.
   *
   * @param whole whether its process is kept as well
   */
  static String fellAsleep(SleepReason reason, Snapshot snapshot, boolean whole) {
    String state =
        (whole ? keptWhole(snapshot.report()) : kept(snapshot.report()))
            + losses(snapshot.report());
    return switch (reason) {
      case SleepReason.Idle(Duration idleFor) ->
          "The kernel was idle for %s. The kernel hibernates: its memory is free, %s. Run any cell to wake it."
              .formatted(words(idleFor), state);
      case SleepReason.Asked() ->
          "The kernel hibernates, as somebody asked: its memory is free, %s. Run any cell to wake it."
              .formatted(state);
      case SleepReason.Leaving(String why) ->
          "%s The kernel hibernates: %s. Run any cell to wake it elsewhere."
              .formatted(ended(why), state);
      case SleepReason.Move(String kernelspec) ->
          "The kernel moves to the kernelspec %s; %s.".formatted(kernelspec, state);
    };
  }

  /** When an idle kernel is ended, which cannot hibernate or is not to. */
  static String culled(Duration idleFor, Duration allowed) {
    return "The kernel was idle for %s and was stopped to free its memory; %s is allowed here. Its variables are gone: start a kernel and run the cells again."
        .formatted(words(idleFor), words(allowed));
  }

  /** When the process of a kernel is taken away, and its variables with it. */
  static String leavesUnsaved(String why, String trouble) {
    return "%s Its variables could not be saved before it goes: %s"
        .formatted(ended(why), ended(trouble));
  }

  /**
   * Why a kernel runs on that was to hibernate.
   *
   * @param allowed what its snapshot may have had
   */
  static String cannotBeSaved(HelperAnswer.Failed failed, Allowance allowed) {
    if (failed.code().equals("too-large")) {
      return "Its variables are more than may be saved here: %s. %s"
          .formatted(unended(failed.message()), allowed.sentence());
    }
    String what =
        switch (failed.code()) {
          case "no-space" -> "Where variables are saved no room is left: ";
          case "read-only" -> "Where variables are saved nothing can be written: ";
          default -> "";
        };
    return what + ended(failed.message());
  }

  private static String unended(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  /** When what was saved last cannot be read, and there is an older state. */
  static String olderOffered(String why, Snapshot newest, Snapshot older) {
    return "The kernel cannot be woken with what it held at %s: %s There is an older state, of %s (%s, %s). What was changed since then is lost with it. Run the cell again to go on from the older state, or restart the kernel to go on without any."
        .formatted(
            DATE.format(newest.savedAt()),
            ended(why),
            DATE.format(older.savedAt()),
            variables(older.report().kept()),
            Sizes.words(older.report().bytes()));
  }

  /** When it is awake with that. */
  static String wokeFromOlder(Snapshot newest, Snapshot older, SnapshotReport report) {
    return "The kernel woke from its older state of %s, since that of %s cannot be read: what was changed in between is lost. %s%s."
        .formatted(
            DATE.format(older.savedAt()),
            DATE.format(newest.savedAt()),
            restored(report),
            losses(report));
  }

  /** When what a kernel slept in was removed since it is too old. */
  static String removed(Snapshot snapshot, Duration maxAge, Instant now) {
    return "The kernel slept since %s, and %s are allowed here: on %s what it held (%s, %s) was removed. Restart the kernel to go on without it, or run the notebook's cells again after that."
        .formatted(
            DATE.format(snapshot.savedAt()),
            words(maxAge),
            DATE.format(now),
            variables(snapshot.report().kept()),
            Sizes.words(snapshot.report().bytes()));
  }

  private static String ended(String sentence) {
    return sentence.endsWith(".") ? sentence : sentence + ".";
  }

  /** When it is awake again, below the cell that woke it. */
  static String woke(Duration slept, Duration took, SnapshotReport report) {
    return "The kernel slept for %s and woke in %s; %s%s."
        .formatted(words(slept), seconds(took), restored(report), losses(report));
  }

  /** When its process is back as it was, likewise. */
  static String wokeWhole(Duration slept, Duration took, SnapshotReport report) {
    return "The kernel slept for %s and woke in %s as the process that it was%s."
        .formatted(words(slept), seconds(took), losses(report));
  }

  /** When its process could not be brought back, but what was in its variables is there. */
  static String wokeWithoutProcess(
      Duration slept, Duration took, String why, SnapshotReport report) {
    return "The kernel slept for %s and woke in %s in a new process, since its own could not be brought back: %s Its variables were saved beside it; %s%s."
        .formatted(words(slept), seconds(took), ended(why), restored(report), losses(report));
  }

  /** Why it cannot be woken, as an answer to the cell that wanted it. */
  static String notWoken(String why) {
    return "The kernel could not be woken, and its variables are still saved: %s Run the cell again to try once more, or restart the kernel to go on without them."
        .formatted(ended(why));
  }

  /** The same where what was saved cannot be had any more. */
  static String snapshotGone(String why) {
    return "The kernel cannot be woken with what it held: %s Unless that comes back its variables are gone; restart the kernel to go on without them."
        .formatted(ended(why));
  }

  private static String kept(SnapshotReport report) {
    if (hadNothing(report)) {
      return "it has no variables yet";
    }
    return "%s (%s) %s kept"
        .formatted(
            variables(report.kept()),
            Sizes.words(report.bytes()),
            report.kept() == 1 ? "is" : "are");
  }

  private static String keptWhole(SnapshotReport report) {
    return hadNothing(report) ? "its process is kept" : kept(report) + " with its whole process";
  }

  private static String restored(SnapshotReport report) {
    if (hadNothing(report)) {
      return "it has no variables yet";
    }
    return variables(report.kept()) + (report.kept() == 1 ? " is" : " are") + " as before";
  }

  private static boolean hadNothing(SnapshotReport report) {
    return report.kept() == 0
        && report.rebuilt().isEmpty()
        && report.partial().isEmpty()
        && report.lost().isEmpty();
  }

  private static String variables(int count) {
    return count == 1 ? "1 variable" : "%,d variables".formatted(count);
  }

  /** Empty where everything is as it was. */
  private static String losses(SnapshotReport report) {
    return named("; lost: ", report.lost())
        + named("; in parts: ", report.partial())
        + named("; made anew: ", report.rebuilt());
  }

  private static String named(String heading, List<Entry> entries) {
    if (entries.isEmpty()) {
      return "";
    }
    String more = entries.size() > NAMED ? ", and %,d more".formatted(entries.size() - NAMED) : "";
    return heading
        + entries.stream().limit(NAMED).map(Entry::sentence).collect(Collectors.joining(", "))
        + more;
  }

  /** How long, for a person. */
  static String words(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(2)) < 0) {
      return "a second";
    }
    if (duration.compareTo(Duration.ofMinutes(2)) < 0) {
      return duration.toSeconds() + " seconds";
    }
    if (duration.compareTo(Duration.ofHours(3)) < 0) {
      return duration.toMinutes() + " minutes";
    }
    return duration.compareTo(Duration.ofDays(3)) < 0
        ? duration.toHours() + " hours"
        : duration.toDays() + " days";
  }

  private static String seconds(Duration duration) {
    return "%.1f s".formatted(duration.toMillis() / 1e3);
  }
}
