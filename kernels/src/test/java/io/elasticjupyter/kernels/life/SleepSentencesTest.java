// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.hibernation.SnapshotReport;
import io.elasticjupyter.kernels.hibernation.SnapshotReport.Entry;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage.Allowance;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SleepSentencesTest {

  private static SnapshotReport report(int kept, Entry... lost) {
    return new SnapshotReport(kept, List.of(), List.of(), List.of(lost), 6_400, 6_400);
  }

  private static final Allowance ALLOWED =
      new Allowance(3, Limit.SNAPSHOT, "One snapshot may take 3.");

  @Test
  void aKernelThatSleptTellsForHowLongAndWhatIsThere() {
    assertThat(SleepSentences.woke(Duration.ofMinutes(50), Duration.ofMillis(1420), report(12)))
        .isEqualTo(
            "The kernel slept for 50 minutes and woke in 1.4 s; 12 variables are as before.");
    assertThat(SleepSentences.woke(Duration.ofMillis(300), Duration.ofMillis(600), report(1)))
        .isEqualTo("The kernel slept for a second and woke in 0.6 s; 1 variable is as before.");
  }

  @Test
  void aKernelThatNobodyHasUsedYetDoesNotCountNothing() {
    assertThat(SleepSentences.woke(Duration.ofMinutes(5), Duration.ofMillis(600), report(0)))
        .isEqualTo("The kernel slept for 5 minutes and woke in 0.6 s; it has no variables yet.");
    assertThat(
            SleepSentences.fellAsleep(
                new SleepReason.Idle(Duration.ofMinutes(5)),
                new Snapshot(1, "digest", Instant.EPOCH, report(0)),
                false))
        .isEqualTo(
            "The kernel was idle for 5 minutes. The kernel hibernates: its memory is free, it has no"
                + " variables yet. Run any cell to wake it.");
  }

  @Test
  void whyItSleepsIsTold() {
    Snapshot snapshot = new Snapshot(1, "digest", Instant.EPOCH, report(2));

    assertThat(SleepSentences.fellAsleep(new SleepReason.Asked(), snapshot, false))
        .isEqualTo(
            "The kernel hibernates, as somebody asked: its memory is free, 2 variables (6.4 kB) are"
                + " kept. Run any cell to wake it.");
    assertThat(SleepSentences.fellAsleep(new SleepReason.Move("gpu"), snapshot, false))
        .isEqualTo("The kernel moves to the kernelspec gpu; 2 variables (6.4 kB) are kept.");
  }

  @Test
  void whatBecomesOfTheWholeProcessIsTold() {
    SleepReason asked = new SleepReason.Asked();
    Entry cut = new Entry("the connection to ::1:80", "socket", "cut");

    assertThat(
            SleepSentences.fellAsleep(
                asked, new Snapshot(1, "digest", Instant.EPOCH, report(2, cut)), true))
        .contains("2 variables (6.4 kB) are kept with its whole process; lost: the connection to");
    assertThat(
            SleepSentences.fellAsleep(
                asked, new Snapshot(1, "digest", Instant.EPOCH, report(0)), true))
        .contains("its memory is free, its process is kept.");
    assertThat(
            SleepSentences.wokeWhole(Duration.ofMinutes(5), Duration.ofMillis(300), report(2, cut)))
        .isEqualTo(
            "The kernel slept for 5 minutes and woke in 0.3 s as the process that it was; lost: the"
                + " connection to ::1:80 (cut).");
    assertThat(
            SleepSentences.wokeWithoutProcess(
                Duration.ofMinutes(5), Duration.ofMillis(300), "its image is damaged.", report(2)))
        .endsWith(
            "in a new process, since its own could not be brought back: its image is damaged. Its"
                + " variables were saved beside it; 2 variables are as before.");
  }

  @Test
  void whyItCannotBeSavedIsASentence() {
    assertThat(
            SleepSentences.cannotBeSaved(
                new HelperAnswer.Failed("no-space", "[Errno 28] No space left on device"), ALLOWED))
        .isEqualTo(
            "Where variables are saved no room is left: [Errno 28] No space left on device.");
    assertThat(SleepSentences.cannotBeSaved(new HelperAnswer.Failed("hang", "It hangs."), ALLOWED))
        .isEqualTo("It hangs.");
    assertThat(
            SleepSentences.cannotBeSaved(
                new HelperAnswer.Failed(
                    "too-large", "9 bytes are more than the 3 that are allowed"),
                ALLOWED))
        .isEqualTo(
            "Its variables are more than may be saved here: 9 bytes are more than the 3 that are"
                + " allowed. One snapshot may take 3.");
  }

  @Test
  void whatWasRemovedIsToldWithItsAge() {
    assertThat(
            SleepSentences.removed(
                new Snapshot(1, "digest", Instant.EPOCH, report(2)),
                Duration.ofDays(30),
                Instant.EPOCH.plus(Duration.ofDays(31))))
        .contains("slept since 1970-01-0", "30 days are allowed", "2 variables, 6.4 kB", "removed");
  }

  @Test
  void whatIsLostIsNamedAlsoWhereNothingIsKept() {
    SnapshotReport report = report(0, new Entry("lines", "generator", "a generator that runs"));

    assertThat(SleepSentences.woke(Duration.ofMinutes(5), Duration.ofMillis(600), report))
        .endsWith("0 variables are as before; lost: lines (a generator that runs).");
  }
}
