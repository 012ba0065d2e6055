// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.hibernation.HelperCall;
import io.elasticjupyter.kernels.hibernation.SavingMeans;
import io.elasticjupyter.kernels.hibernation.SleepRoom;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.hibernation.SnapshotCall;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Access;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.FileAccess;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Use;
import io.elasticjupyter.kernels.hibernation.TextCall;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/** What a kernel is asked, to save and to restore (decision 16). */
final class SnapshotRequests {

  /** How much of the time to wake may go to bringing what was saved. */
  private static final double FETCH_SHARE = 0.9;

  private final KernelIdentity identity;
  private final KernelParts parts;
  private final KernelRules rules;

  SnapshotRequests(KernelIdentity identity, KernelParts parts, KernelRules rules) {
    this.identity = identity;
    this.parts = parts;
    this.rules = rules;
  }

  /**
   * To save.
   *
   * @param maxBytes that it may have
   * @param before the generation that is kept beside the new one, until that has been woken
   * @throws IOException if there is no place for it
   */
  SnapshotCall save(SavingMeans means, int generation, long maxBytes, Optional<Snapshot> before)
      throws IOException {
    SleepRoom room = room();
    return switch (means) {
      case SavingMeans.Injected _ -> save(room, generation, maxBytes, before);
      case SavingMeans.Texts texts -> {
        FileAccess access =
            room.place().openFile(Use.SAVE, identity.folder().path(), generation, maxBytes);
        yield TextCall.save(texts, access, room.keys(), identity.id(), generation, maxBytes);
      }
    };
  }

  private HelperCall save(
      SleepRoom room, int generation, long maxBytes, Optional<Snapshot> before) {
    ObjectNode request = of(room, generation);
    ArrayNode keep = request.putArray("keep");
    before.ifPresent(snapshot -> keep.add(snapshot.generation()));
    limits(request, maxBytes).put("total_seconds", rules.hibernation().saveTimeout().toSeconds());
    ArrayNode secrets = request.putArray("secret_environment");
    rules.hibernation().secretNames().forEach(secrets::add);
    Access access = room.place().open(Use.SAVE, identity.folder().path(), maxBytes, request);
    return HelperCall.save(request, access);
  }

  /**
   * To restore.
   *
   * @throws IOException if its place cannot be reached
   */
  SnapshotCall restore(SavingMeans means, Snapshot snapshot) throws IOException {
    SleepRoom room = room();
    return switch (means) {
      case SavingMeans.Injected _ -> restore(room, snapshot);
      case SavingMeans.Texts texts -> {
        FileAccess access =
            room.place()
                .openFile(
                    Use.RESTORE,
                    identity.folder().path(),
                    snapshot.generation(),
                    rules.hibernation().maxBytes());
        yield TextCall.restore(texts, access, room.keys(), identity.id(), snapshot);
      }
    };
  }

  private HelperCall restore(SleepRoom room, Snapshot snapshot) {
    ObjectNode request = of(room, snapshot.generation());
    request.put("digest", snapshot.digest());
    // Less than the answer is waited for, so that it tells what the time went to.
    limits(request, rules.hibernation().maxBytes())
        .put("total_seconds", rules.hibernation().saveTimeout().toMillis() * FETCH_SHARE / 1_000);
    Access access =
        room.place()
            .open(Use.RESTORE, identity.folder().path(), rules.hibernation().maxBytes(), request);
    return HelperCall.restore(request, access);
  }

  private ObjectNode limits(ObjectNode request, long maxBytes) {
    return request
        .putObject("limits")
        .put("variable_seconds", rules.hibernation().variableTimeout().toSeconds())
        .put("bytes", maxBytes);
  }

  private SleepRoom room() {
    return parts
        .sleepRoom()
        .orElseThrow(() -> new IllegalStateException("kernels of this gateway do not sleep"));
  }

  private ObjectNode of(SleepRoom room, int generation) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kernel", identity.id().value())
        .put("generation", generation)
        .put("key", Base64.getEncoder().encodeToString(room.keys().of(identity.id(), generation)));
  }
}
