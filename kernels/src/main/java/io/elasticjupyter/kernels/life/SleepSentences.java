// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.hibernation.SnapshotReport;
import io.elasticjupyter.kernels.hibernation.SnapshotReport.Entry;
import java.time.Duration;
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

  private SleepSentences() {}

  /** While it sleeps, in the kernel's model. */
  static String asleep(Snapshot snapshot, @Nullable String trouble) {
    String state =
        "The kernel hibernates since %s; %s. Run a cell to wake it."
            .formatted(CLOCK.format(snapshot.savedAt()), kept(snapshot.report()));
    return trouble == null ? state : state + " It could not be woken last time: " + trouble;
  }

  /** When it has fallen asleep, below the last cell. */
  static String fellAsleep(SleepReason reason, Snapshot snapshot) {
    String state = kept(snapshot.report()) + losses(snapshot.report());
    return switch (reason) {
      case SleepReason.Idle(Duration idleFor) ->
          "The kernel was idle for %s. The kernel hibernates: its memory is free, %s. Run any cell to wake it."
              .formatted(words(idleFor), state);
      case SleepReason.Asked() ->
          "The kernel hibernates, as somebody asked: its memory is free, %s. Run any cell to wake it."
              .formatted(state);
      case SleepReason.Move(String kernelspec) ->
          "The kernel moves to the kernelspec %s; %s.".formatted(kernelspec, state);
    };
  }

  /** When an idle kernel is ended, which cannot hibernate or is not to. */
  static String culled(Duration idleFor, Duration allowed) {
    return "The kernel was idle for %s and was stopped to free its memory; %s is allowed here. Its variables are gone: start a kernel and run the cells again."
        .formatted(words(idleFor), words(allowed));
  }

  /** Why a kernel runs on that was to hibernate. */
  static String cannotBeSaved(HelperAnswer.Failed failed) {
    String what =
        switch (failed.code()) {
          case "too-large" -> "Its variables are more than may be saved here: ";
          case "no-space" -> "Where variables are saved no room is left: ";
          case "read-only" -> "Where variables are saved nothing can be written: ";
          default -> "";
        };
    return what + ended(failed.message());
  }

  private static String ended(String sentence) {
    return sentence.endsWith(".") ? sentence : sentence + ".";
  }

  /** When it is awake again, below the cell that woke it. */
  static String woke(Duration slept, Duration took, SnapshotReport report) {
    return "The kernel slept for %s and woke in %s; %s%s."
        .formatted(words(slept), seconds(took), restored(report), losses(report));
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
            variables(report.kept()), size(report.bytes()), report.kept() == 1 ? "is" : "are");
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
    return duration.toHours() + " hours";
  }

  private static String seconds(Duration duration) {
    return "%.1f s".formatted(duration.toMillis() / 1e3);
  }

  private static String size(long bytes) {
    if (bytes < 1_000_000) {
      return "%.1f kB".formatted(bytes / 1e3);
    }
    return bytes < 1_000_000_000L
        ? "%.0f MB".formatted(bytes / 1e6)
        : "%.2f GB".formatted(bytes / 1e9);
  }
}
