// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.log.LogEntry.Kind;
import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputLogTest {

  private static final byte[] EMPTY = "{}".getBytes(UTF_8);
  private static final LogLimits SMALL = new LogLimits(2_000, 1_000_000, 1_000);

  @TempDir Path folder;

  private OutputLog log(LogLimits limits) {
    return new OutputLog(folder.resolve("log"), limits, new MemoryBudget(1L << 30));
  }

  private static JupyterMessage message(int number, int size) {
    byte[] content =
        ("{\"n\":" + number + ",\"pad\":\"" + "x".repeat(size) + "\"}").getBytes(UTF_8);
    return new JupyterMessage(Channel.IOPUB, EMPTY, EMPTY, EMPTY, content, List.of());
  }

  private static int numberOf(LogEntry entry) {
    String content = new String(entry.message().content(), UTF_8);
    return Integer.parseInt(content.substring(5, content.indexOf(',')));
  }

  private static List<Integer> readAll(OutputLog log, Cursor cursor) {
    List<Integer> numbers = new ArrayList<>();
    Batch batch = log.read(cursor, 500, every -> true);
    while (!batch.entries().isEmpty() || batch.missingMessages() > 0) {
      batch.entries().forEach(entry -> numbers.add(numberOf(entry)));
      batch = log.read(cursor, 500, every -> true);
    }
    return numbers;
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static void append(OutputLog log, int from, int to) {
    numbers(from, to).forEach(n -> log.append(Kind.BULK, null, message(n, 50)));
  }

  /** As for a reader that comes again. */
  private static Cursor reopen(OutputLog log, Cursor cursor) {
    Cursor fresh = log.open(log.confirmed(cursor));
    log.release(cursor);
    return fresh;
  }

  @Test
  void givesAReaderThatComesLateEverythingInOrderFromDiskAndMemory() {
    OutputLog log = log(SMALL);
    append(log, 0, 500);

    assertThat(readAll(log, log.open(0))).isEqualTo(numbers(0, 500));
    assertThat(folder.resolve("log")).isNotEmptyDirectory();
  }

  @Test
  void givesUnconfirmedEntriesAgainAfterARewind() {
    OutputLog log = log(SMALL);
    Cursor cursor = log.open(0);
    append(log, 0, 200);
    readAll(log, cursor);
    log.confirm(cursor, 50);

    assertThat(readAll(log, reopen(log, cursor))).isEqualTo(numbers(50, 200));
  }

  @Test
  void aReaderThatWasReplacedTakesNothingFromItsSuccessor() {
    OutputLog log = log(SMALL);
    Cursor stale = log.open(0);
    append(log, 0, 200);
    log.read(stale, 500, every -> true);

    Cursor fresh = reopen(log, stale);
    log.read(fresh, 500, every -> true);
    readAll(log, stale);

    assertThat(readAll(log, reopen(log, fresh))).isEqualTo(numbers(0, 200));
  }

  @Test
  void aReaderDoesNotSpinOnThePlacesThatARecoveryLeavesOut() throws Exception {
    OutputLog log = log(SMALL);
    log.recover(7);
    Cursor cursor = log.open(7);
    assertThat(log.read(cursor, 1_000, every -> true).entries()).isEmpty();

    long start = System.nanoTime();
    log.await(cursor, Duration.ofMillis(100));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(90));
  }

  @Test
  void whoeverComesAfterACutIsToldHowMuchIsMissing() {
    OutputLog log = log(new LogLimits(1_000, 5_000, 1_000));
    append(log, 0, 1_000);

    Batch first = log.read(log.open(0), 1 << 20, every -> true);
    Cursor again = log.open(0);
    log.read(again, 1 << 20, every -> true);
    again = reopen(log, again);
    Batch told = log.read(again, 1 << 20, every -> true);

    assertThat(first.missingMessages()).isPositive();
    assertThat(told.missingMessages()).isEqualTo(first.missingMessages());
    assertThat(readAll(log, again)).hasSize(1_000 - (int) told.missingMessages());
  }

  @Test
  void aDiskThatTakesNothingForAWhileNeitherHidesNorDoublesWhatIsOnIt() throws IOException {
    OutputLog log = log(SMALL);
    Cursor cursor = log.open(0);
    append(log, 0, 100);
    log.flush();
    List<Path> inTheWay = new ArrayList<>();
    for (int sequence = 101; sequence <= 300; sequence++) {
      Path file = folder.resolve("log").resolve("%019d.segment".formatted(sequence));
      if (!Files.exists(file)) {
        inTheWay.add(Files.createDirectory(file));
      }
    }
    append(log, 100, 250);
    for (Path each : inTheWay) {
      Files.delete(each);
    }
    append(log, 250, 400);

    List<Integer> read = new ArrayList<>();
    long missing = 0;
    Batch batch = log.read(cursor, 500, every -> true);
    while (!batch.entries().isEmpty() || batch.missingMessages() > 0) {
      missing += batch.missingMessages();
      batch.entries().forEach(entry -> read.add(numberOf(entry)));
      batch = log.read(cursor, 500, every -> true);
    }

    assertThat(read).startsWith(numbers(0, 80).toArray(Integer[]::new)).isSorted();
    assertThat(read).doesNotHaveDuplicates().endsWith(399);
    assertThat(missing).isPositive();
    assertThat(missing + read.size()).isEqualTo(400);
  }

  @Test
  void aReaderThatIsInterruptedLosesNothingForAnybody() {
    OutputLog log = log(SMALL);
    append(log, 0, 200);
    Cursor cursor = log.open(0);

    Thread.currentThread().interrupt();
    log.read(cursor, 500, every -> true);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(readAll(log, reopen(log, cursor))).isEqualTo(numbers(0, 200));
    assertThat(readAll(log, log.open(0))).isEqualTo(numbers(0, 200));
  }

  @Test
  void aClosedLogHasGivenItsMemoryBackOnce() {
    MemoryBudget budget = new MemoryBudget(1L << 30);
    OutputLog log = new OutputLog(folder.resolve("log"), LogLimits.defaults(), budget);
    Cursor cursor = log.open(0);
    append(log, 0, 10);
    log.discard();

    assertThat(readAll(log, cursor)).isEqualTo(numbers(0, 10));
    log.confirm(cursor, log.nextSequence() - 1);

    assertThat(budget.used()).isZero();
    assertThat(folder.resolve("log")).doesNotExist();
  }

  @Test
  void whatIsOnDiskIsForItsOwnerAlone() throws IOException {
    OutputLog log = log(SMALL);
    append(log, 0, 100);

    try (Stream<Path> files = Files.list(folder.resolve("log"))) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void aFolderWhereASegmentShouldBeIsSetAside() throws IOException {
    OutputLog before = log(SMALL);
    append(before, 0, 20);
    before.close();
    Files.createDirectories(folder.resolve("log/0000000000000000000.segment/full"));

    OutputLog after = log(SMALL);
    after.recover(0);

    assertThat(readAll(after, after.open(0))).isEqualTo(numbers(0, 20));
  }

  @Test
  void saysHowMuchALimitTookAndKeepsWhatIsVital() {
    OutputLog log = log(new LogLimits(1_000, 5_000, 1_000));
    Cursor cursor = log.open(0);
    log.append(Kind.VITAL, null, message(7_000, 10));
    append(log, 0, 1_000);

    Batch first = log.read(cursor, 1 << 20, every -> true);

    assertThat(first.entries()).extracting(OutputLogTest::numberOf).containsExactly(7_000);
    List<Integer> rest = readAll(log, cursor);
    assertThat(rest).isNotEmpty().isEqualTo(numbers(1_000 - rest.size(), 1_000));
    assertThat(first.missingMessages()).isEqualTo(1_000 - rest.size());
    assertThat(first.missingBytes()).isGreaterThan(first.missingMessages() * 50);
  }

  @Test
  void aSlowReaderTakesNothingFromAFastOne() {
    OutputLog log = log(new LogLimits(1_000, 5_000, 1_000));
    Cursor slow = log.open(0);
    Cursor fast = log.open(0);
    List<Integer> read = new ArrayList<>();
    for (int n = 0; n < 1_000; n++) {
      append(log, n, n + 1);
      read.addAll(readAll(log, fast));
    }

    assertThat(read).isEqualTo(numbers(0, 1_000));
    assertThat(log.read(slow, 1 << 20, every -> true).missingMessages()).isPositive();
  }

  @Test
  void keepsNothingThatEverybodyConfirmed() throws IOException {
    OutputLog log = log(SMALL);
    Cursor one = log.open(0);
    Cursor two = log.open(0);
    append(log, 0, 300);
    for (Cursor cursor : List.of(one, two)) {
      readAll(log, cursor);
      log.confirm(cursor, log.nextSequence() - 1);
    }

    log.flush();

    try (Stream<Path> files = Files.list(folder.resolve("log"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void passesOverWhatIsForSomebodyElse() {
    OutputLog log = log(SMALL);
    Cursor cursor = log.open(0);
    log.append(Kind.VITAL, "other", message(1, 1));
    log.append(Kind.VITAL, "mine", message(2, 1));
    log.append(Kind.VITAL, "other", message(3, 1));

    Batch batch = log.read(cursor, 1 << 20, entry -> "mine".equals(entry.target()));
    log.confirm(cursor, batch.entries().getLast().sequence());

    assertThat(batch.entries()).extracting(OutputLogTest::numberOf).containsExactly(2);
    assertThat(log.confirmed(cursor)).isEqualTo(3);
  }

  @Test
  void isThereAgainAfterARestartAndCutsATornRecordOff() throws IOException {
    OutputLog before = log(SMALL);
    append(before, 0, 100);
    before.close();
    Path last;
    try (Stream<Path> files = Files.list(folder.resolve("log"))) {
      last = files.max(Path::compareTo).orElseThrow();
    }
    Files.write(last, new byte[] {1, 2, 3, 4, 5, 6, 7}, StandardOpenOption.APPEND);

    OutputLog after = log(SMALL);
    after.recover(0);
    append(after, 100, 150);

    assertThat(readAll(after, after.open(0))).isEqualTo(numbers(0, 150));
    assertThat(after.nextSequence()).isGreaterThan(100);
  }

  @Test
  void aFlushPutsWhatWaitsOnDiskSoThatAKillLosesNothing() throws IOException {
    OutputLog killed = log(LogLimits.defaults());
    append(killed, 0, 10);
    killed.flush();
    killed.flush();

    OutputLog after = log(LogLimits.defaults());
    after.recover(0);

    assertThat(readAll(after, after.open(0))).isEqualTo(numbers(0, 10));
  }

  @Test
  void aDamagedRecordInTheMiddleEndsTheFileAndNotTheGateway() throws IOException {
    OutputLog before = log(new LogLimits(1, 1_000_000, 1_000_000));
    append(before, 0, 100);
    before.close();
    Path file;
    try (Stream<Path> files = Files.list(folder.resolve("log"))) {
      file = files.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    OutputLog after = log(SMALL);
    after.recover(0);

    List<Integer> read = readAll(after, after.open(0));
    assertThat(read).isNotEmpty().isEqualTo(numbers(0, read.size()));
    assertThat(read.size()).isBetween(40, 60);
  }

  @Test
  void whatCannotBeWrittenIsCountedAsMissing() throws IOException {
    Files.writeString(folder.resolve("log"), "a file where the folder should be");
    OutputLog log = log(SMALL);
    Cursor cursor = log.open(0);
    append(log, 0, 200);

    Batch first = log.read(cursor, 1 << 20, every -> true);
    List<Integer> rest = readAll(log, cursor);

    assertThat(first.missingMessages() + first.entries().size() + rest.size()).isEqualTo(200);
    assertThat(rest).isNotEmpty().endsWith(199);
  }

  @Test
  void everyReaderSeesEveryEntryOnceInOrderWhateverHappens() {
    SeededRandom.check(
        150,
        random -> {
          OutputLog log =
              new OutputLog(
                  folder.resolve("round-" + UUID.randomUUID()),
                  new LogLimits(random.between(1, 3_000), 1L << 30, random.between(1, 2_000)),
                  new MemoryBudget(random.between(1, 100_000)));
          List<Reader> readers = new ArrayList<>(List.of(new Reader(log, 0), new Reader(log, 0)));
          int written = 0;
          for (int step = 0; step < 200; step++) {
            Reader reader = random.oneOf(readers);
            switch (random.between(0, 9)) {
              case 0, 1, 2, 3 ->
                  log.append(Kind.BULK, null, message(written++, random.between(0, 300)));
              case 4, 5, 6 -> reader.read(random.between(1, 2_000));
              case 7 -> reader.confirmSome(random);
              case 8 -> log.flush();
              default -> reader.comeBack();
            }
          }
          for (Reader reader : readers) {
            reader.comeBack();
            reader.read(Long.MAX_VALUE);
            assertThat(reader.confirmedNumbers)
                .isEqualTo(numbers(0, reader.confirmedNumbers.size()));
            assertThat(reader.seen()).isEqualTo(numbers(0, written));
          }
          log.close();
        });
  }

  /** What a client does: reads, confirms a beginning of what it read, goes away and comes back. */
  private static final class Reader {
    private final OutputLog log;
    private Cursor cursor;
    private final List<Integer> confirmedNumbers = new ArrayList<>();
    private final List<LogEntry> unconfirmed = new ArrayList<>();

    Reader(OutputLog log, long from) {
      this.log = log;
      this.cursor = log.open(from);
    }

    void read(long maxBytes) {
      Batch batch = log.read(cursor, maxBytes, every -> true);
      assertThat(batch.missingMessages()).isZero();
      unconfirmed.addAll(batch.entries());
      if (maxBytes == Long.MAX_VALUE && batch.more()) {
        read(maxBytes);
      }
    }

    void confirmSome(SeededRandom random) {
      if (unconfirmed.isEmpty()) {
        return;
      }
      int count = random.between(1, unconfirmed.size());
      log.confirm(cursor, unconfirmed.get(count - 1).sequence());
      unconfirmed.subList(0, count).forEach(entry -> confirmedNumbers.add(numberOf(entry)));
      unconfirmed.subList(0, count).clear();
    }

    void comeBack() {
      cursor = reopen(log, cursor);
      unconfirmed.clear();
    }

    List<Integer> seen() {
      List<Integer> all = new ArrayList<>(confirmedNumbers);
      unconfirmed.forEach(entry -> all.add(numberOf(entry)));
      return all;
    }
  }
}
