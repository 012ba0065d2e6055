// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.elasticjupyter.wire.message.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestsTest {

  @TempDir Path folder;
  private Requests requests;

  @BeforeEach
  void create() {
    requests = new Requests(new RequestJournal(folder.resolve("journal")));
  }

  private static Request request(String id, Channel channel, String type) {
    byte[] header = ("{\"msg_id\":\"" + id + "\",\"msg_type\":\"" + type + "\"}").getBytes(UTF_8);
    return new Request(id, "session", channel, type, header);
  }

  private static Request cell(String id) {
    return request(id, Channel.SHELL, "execute_request");
  }

  @Test
  void isBusyBetweenTheBusyAndTheIdleOfACell() {
    requests.add(cell("1"));
    requests.noteStatus("1", true);
    assertThat(requests.isBusy()).isTrue();
    requests.answered("1");
    assertThat(requests.isBusy()).isTrue();
    requests.noteStatus("1", false);
    assertThat(requests.isBusy()).isFalse();
  }

  @Test
  void whatHappensOnControlDoesNotHideTheCellThatRuns() {
    requests.add(cell("1"));
    requests.noteStatus("1", true);
    requests.add(request("c", Channel.CONTROL, "debug_request"));
    requests.noteStatus("c", true);
    requests.noteStatus("c", false);

    assertThat(requests.isBusy()).isTrue();
  }

  @Test
  void twoSubshellsAreBusyUntilBothAreIdle() {
    requests.noteStatus("1", true);
    requests.noteStatus("2", true);
    requests.noteStatus("1", false);
    assertThat(requests.isBusy()).isTrue();
    requests.noteStatus("2", false);
    assertThat(requests.isBusy()).isFalse();
  }

  @Test
  void takesOnlyWhatTheKernelWasSent() {
    requests.add(cell("sent"));
    requests.sent("sent");
    requests.add(cell("held"));

    assertThat(requests.takeSent(every -> true))
        .extracting(Request::messageId)
        .containsExactly("sent");
    assertThat(requests.find("held")).isPresent();
    assertThat(requests.find("sent")).isEmpty();
  }

  @Test
  void forgetsTheOldestOfTooMany() {
    for (int i = 0; i <= Requests.MOST; i++) {
      requests.add(request("r" + i, Channel.SHELL, "complete_request"));
    }

    assertThat(requests.find("r0")).isEmpty();
    assertThat(requests.find("r" + Requests.MOST)).isPresent();
  }

  @Test
  void theJournalKnowsWhatWasRunningAndSkipsATornLine() throws Exception {
    requests.add(cell("done"));
    requests.answered("done");
    requests.add(cell("running"));
    Path journal = folder.resolve("journal");
    Files.writeString(journal, "{\"id\":\"torn", StandardOpenOption.APPEND);

    RequestJournal after = new RequestJournal(journal);

    assertThat(after.recover())
        .singleElement()
        .satisfies(request -> {
          assertThat(request.messageId()).isEqualTo("running");
          assertThat(request.session()).isEqualTo("session");
          assertThat(new String(request.header(), UTF_8)).contains("execute_request");
        });
  }

  @Test
  void aJournalThatIsNoTextOrNoFileCostsOnlyWhatItSaid() throws Exception {
    Path journal = folder.resolve("journal");
    requests.add(cell("running"));
    Files.write(journal, new byte[] {'{', (byte) 0xc3}, StandardOpenOption.APPEND);
    assertThat(new RequestJournal(journal).recover()).hasSize(1);

    Path directory = Files.createDirectory(folder.resolve("directory"));
    assertThat(new RequestJournal(directory).recover()).isEmpty();

    Files.writeString(
        journal, "{\"id\":\"x\",\"channel\":\"shell\",\"type\":\"execute_request\"}\n");
    assertThat(new RequestJournal(journal).recover()).isEmpty();
  }

  @Test
  void theJournalStaysSmallAlthoughACellNeverEnds() throws Exception {
    Path journal = folder.resolve("journal");
    requests.add(cell("never ends"));
    for (int i = 0; i < 5_000; i++) {
      requests.add(cell("c" + i));
      requests.answered("c" + i);
    }

    assertThat(Files.size(journal)).isLessThan(100_000);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(journal)))
        .isEqualTo("rw-------");
    assertThat(new RequestJournal(journal).recover())
        .extracting(Request::messageId)
        .containsExactly("never ends");
  }

  @Test
  void whatWasSentBeforeTheConnectionWasLostIsAnsweredInTheEnd() {
    requests.add(cell("lost"));
    requests.sent("lost");
    requests.noteStatus("lost", true);
    requests.connectionLost();
    requests.add(cell("new"));
    requests.sent("new");

    assertThat(requests.isBusy()).isFalse();
    assertThat(requests.takeRecalled())
        .extracting(lost -> lost.request().messageId())
        .containsExactly("lost");
  }

  @Test
  void whatWasRecalledIsTakenOnceAndOnlyIfStillOpen() throws Exception {
    requests.add(cell("answered-later"));
    requests.add(cell("lost"));
    Requests after = new Requests(new RequestJournal(folder.resolve("other")));
    after.recall(new RequestJournal(folder.resolve("journal")).recover(), Set.of());
    after.answered("answered-later");
    after.add(cell("new"));
    after.sent("new");

    assertThat(after.takeRecalled())
        .extracting(lost -> lost.request().messageId())
        .containsExactly("lost");
    assertThat(after.takeRecalled()).isEmpty();
    assertThat(after.find("new")).isPresent();
  }

  @Test
  void howACellEndedIsKnownWhoseReplyWentToAConnectionThatIsGone() throws Exception {
    requests.add(cell("counted"));
    requests.noteOutcome("counted", outcome -> outcome.counted(7));
    requests.add(cell("unknown"));

    RequestJournal journal = new RequestJournal(folder.resolve("journal"));
    List<Request> open = journal.recover();
    Requests after = new Requests(journal);
    after.recall(open, Set.of());
    after.noteOutcome("counted", CellOutcome::done);

    assertThat(after.takeRecalled())
        .extracting(lost -> lost.request().messageId(), Requests.Lost::outcome)
        .containsExactly(
            tuple("counted", new CellOutcome(7, null, true)),
            tuple("unknown", CellOutcome.NOTHING));
  }
}
