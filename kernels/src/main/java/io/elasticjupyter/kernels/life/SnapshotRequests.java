// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.hibernation.HelperCall;
import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.hibernation.SleepRoom;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Access;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Use;
import java.util.Base64;
import java.util.Optional;

/** What the helper is asked to save and to restore (decision 16). */
final class SnapshotRequests {

  private SnapshotRequests() {}

  /**
   * @param before the generation that is kept beside the new one, until that has been woken
   */
  static SnapshotCall save(
      KernelIdentity identity,
      KernelParts parts,
      HibernationSettings settings,
      int generation,
      Optional<Snapshot> before) {
    SleepRoom room = room(parts);
    ObjectNode request = of(identity, room, generation);
    ArrayNode keep = request.putArray("keep");
    before.ifPresent(snapshot -> keep.add(snapshot.generation()));
    limits(request, settings).put("total_seconds", settings.saveTimeout().toSeconds());
    ArrayNode secrets = request.putArray("secret_environment");
    settings.secretNames().forEach(secrets::add);
    Access access =
        room.place().open(Use.SAVE, identity.folder().path(), settings.maxBytes(), request);
    return new SnapshotCall(HelperCall.save(request), access);
  }

  static SnapshotCall restore(
      KernelIdentity identity, KernelParts parts, HibernationSettings settings, Snapshot snapshot) {
    SleepRoom room = room(parts);
    ObjectNode request = of(identity, room, snapshot.generation());
    request.put("digest", snapshot.digest());
    limits(request, settings);
    Access access =
        room.place().open(Use.RESTORE, identity.folder().path(), settings.maxBytes(), request);
    return new SnapshotCall(HelperCall.restore(request), access);
  }

  private static ObjectNode limits(ObjectNode request, HibernationSettings settings) {
    return request
        .putObject("limits")
        .put("variable_seconds", settings.variableTimeout().toSeconds())
        .put("bytes", settings.maxBytes());
  }

  private static SleepRoom room(KernelParts parts) {
    return parts
        .sleepRoom()
        .orElseThrow(() -> new IllegalStateException("kernels of this gateway do not sleep"));
  }

  private static ObjectNode of(KernelIdentity identity, SleepRoom room, int generation) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kernel", identity.id().value())
        .put("generation", generation)
        .put("key", Base64.getEncoder().encodeToString(room.keys().of(identity.id(), generation)));
  }
}
