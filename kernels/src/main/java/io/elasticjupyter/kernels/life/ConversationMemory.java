// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import io.elasticjupyter.kernels.audience.Audience;
import io.elasticjupyter.kernels.log.OutputLog;
import io.elasticjupyter.kernels.store.ClientsRecord;
import io.elasticjupyter.kernels.store.KernelFolder;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.MessageHeader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What of a conversation outlives this gateway: the log, what each client has of it, the cells in
 * flight, and what is held. In the kernel's folder, for the next gateway there; and as records, for
 * a copy elsewhere. Safe for any thread.
 */
final class ConversationMemory {

  private static final System.Logger LOG = System.getLogger(ConversationMemory.class.getName());

  private final KernelIdentity identity;
  private final OutputLog log;
  private final RequestJournal journal;
  private final Requests requests;
  private final Audience audience;
  private final Activity activity;
  private final Gates gates;
  private final ReentrantLock writing = new ReentrantLock();
  private long lastChanges = -1;
  private boolean atRest;
  private boolean closed;
  private @Nullable ClientsRecord lastWritten;
  private byte[] lastHeld = {};

  ConversationMemory(
      KernelIdentity identity,
      OutputLog log,
      RequestJournal journal,
      Requests requests,
      Audience audience,
      Activity activity,
      Gates gates) {
    this.identity = identity;
    this.log = log;
    this.journal = journal;
    this.requests = requests;
    this.audience = audience;
    this.activity = activity;
    this.gates = gates;
  }

  /**
   * Takes over what an earlier run left.
   *
   * @return the cells that the kernel was sent and had not answered
   */
  List<Request> recall() throws IOException {
    Optional<ClientsRecord> clients = readClients();
    log.recover(clients.map(ClientsRecord::lastSequence).orElse(0L));
    List<Request> open = journal.recover();
    Set<String> held = recallHeld();
    requests.recall(open, held);
    clients.ifPresent(record -> {
      audience.recall(record.sessions());
      activity.touch(record.lastActivity());
    });
    return open.stream().filter(request -> !held.contains(request.messageId())).toList();
  }

  private Optional<ClientsRecord> readClients() {
    try {
      return folder().readClients();
    } catch (IOException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "event=clients-damaged kernel={0} consequence=output-is-replayed-from-the-start reason={1}",
          identity.id(),
          e.toString());
      return Optional.empty();
    }
  }

  private Set<String> recallHeld() {
    Set<String> ids = new HashSet<>();
    try {
      lastHeld = folder().readHeld();
      for (JupyterMessage message : gates.recall(lastHeld)) {
        ids.add(MessageHeader.parse(message.header()).msgId());
      }
    } catch (IOException | MessageException e) {
      LOG.log(
          Level.WARNING,
          "event=held-damaged kernel={0} consequence=their-cells-are-answered-as-lost reason={1}",
          identity.id(),
          e.toString());
    }
    return ids;
  }

  private KernelFolder folder() {
    return identity.folder();
  }

  /** Where clients are now. */
  ClientsRecord clients() {
    return new ClientsRecord(log.nextSequence() - 1, activity.last(), audience.remember());
  }

  /** The cells in flight, in the journal's form. */
  byte[] openRequests() {
    return requests.journaled();
  }

  /** What waits for the kernel, in the log's form. */
  byte[] held() {
    return gates.heldBytes();
  }

  /** Puts on disk what changed, so that it outlives this process. Called from a timer. */
  void flush() {
    writing.lock();
    try {
      // Later it would make the folder of a deleted kernel anew.
      if (!closed) {
        writeChanges();
      }
    } finally {
      writing.unlock();
    }
  }

  private void writeChanges() {
    writeHeld();
    long changes = log.changes() + audience.changes();
    boolean restless = changes != lastChanges;
    lastChanges = changes;
    // One more round after the last change: the log writes only what has waited for a while.
    if (!restless && atRest) {
      return;
    }
    atRest = !restless;
    log.flush();
    ClientsRecord record = clients();
    if (record.equals(lastWritten)) {
      return;
    }
    try {
      folder().write(record);
      lastWritten = record;
    } catch (IOException e) {
      notWritten("clients", e);
    }
  }

  private void writeHeld() {
    if (lastHeld.length == 0 && !gates.holdsAny()) {
      return;
    }
    byte[] held = gates.heldBytes();
    if (Arrays.equals(held, lastHeld)) {
      return;
    }
    try {
      folder().writeHeld(held);
      lastHeld = held;
    } catch (IOException e) {
      notWritten("held", e);
    }
  }

  private void notWritten(String what, IOException e) {
    LOG.log(
        Level.WARNING,
        "event={0}-not-written kernel={1} reason={2}",
        what,
        identity.id(),
        e.toString());
  }

  /** Puts everything on disk and closes the files, for the next gateway. */
  void close() {
    flush();
    close(log::close);
  }

  /** Closes the files of a kernel that is deleted; what is in memory can still be taken. */
  void discard() {
    close(log::discard);
  }

  private void close(Runnable closeLog) {
    writing.lock();
    try {
      closed = true;
      closeLog.run();
      requests.close();
    } finally {
      writing.unlock();
    }
  }
}
