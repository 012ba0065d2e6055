// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of a kernel's variables when they were saved, or restored. Each name is in one place.
 *
 * @param kept how many are as they were
 * @param rebuilt made anew, with a difference that the reason tells
 * @param partial kept but for some parts
 * @param lost not there any more
 * @param bytes what they hold
 * @param written what had to be written, since it was not there from the time before
 */
public record SnapshotReport(
    int kept,
    List<Entry> rebuilt,
    List<Entry> partial,
    List<Entry> lost,
    long bytes,
    long written) {

  /** A snapshot of a kernel with a million broken variables shall not fill the gateway's memory. */
  private static final int MOST_ENTRIES = 200;

  private static final int LONGEST_TEXT = 300;

  /**
   * A variable that is not simply kept, by its name.
   *
   * @param earlier whether it was lost at another sleep before, and is told again
   */
  public record Entry(String name, String type, String reason, boolean earlier) {

    /** What became of it now. */
    public Entry(String name, String type, String reason) {
      this(name, type, reason, false);
    }

    /** For its user. */
    public String sentence() {
      return reason.isEmpty() ? name : name + " (" + reason + ")";
    }
  }

  public SnapshotReport {
    rebuilt = List.copyOf(rebuilt);
    partial = List.copyOf(partial);
    lost = List.copyOf(lost);
  }

  /** Reads the helper's; what is missing or of another type counts as nothing. */
  static SnapshotReport of(JsonNode report) {
    return new SnapshotReport(
        report.path("kept").size(),
        entries(report.path("rebuilt")),
        entries(report.path("partial")),
        entries(report.path("lost")),
        report.path("bytes").asLong(),
        report.path("written").asLong());
  }

  /** The same of a snapshot that has so many bytes, all of which were written. */
  SnapshotReport ofBytes(long size) {
    return new SnapshotReport(kept, rebuilt, partial, lost, size, size);
  }

  /**
   * The same where the whole process is kept, so that nothing has to be made anew.
   *
   * @param cut connections to elsewhere, by address, which end all the same
   */
  public SnapshotReport ofWholeProcess(List<String> cut) {
    // What an earlier sleep lost is not in the process either.
    List<Entry> lost = new ArrayList<>(this.lost.stream().filter(Entry::earlier).toList());
    int all = kept + rebuilt.size() + partial.size() + this.lost.size() - lost.size();
    cut.stream()
        .limit(MOST_ENTRIES)
        .map(address ->
            new Entry(
                "the connection to " + address, "socket", "the other end does not wait for it"))
        .forEach(lost::add);
    return new SnapshotReport(all, List.of(), List.of(), lost, bytes, written);
  }

  private static List<Entry> entries(JsonNode list) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode each : list) {
      if (entries.size() == MOST_ENTRIES) {
        break;
      }
      entries.add(
          new Entry(
              text(each.path("name")),
              text(each.path("type")),
              text(each.path("reason")),
              each.path("earlier").asBoolean()));
    }
    return entries;
  }

  private static String text(JsonNode value) {
    String text = value.asText("");
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }

  /** Whether everything is as it was. */
  public boolean isWhole() {
    return rebuilt.isEmpty() && partial.isEmpty() && lost.isEmpty();
  }
}
