// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.hibernation.SleepRoom;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import java.util.Base64;
import java.util.Optional;

/** What the helper is asked to save and to restore (decision 16). */
final class SnapshotRequests {

  private SnapshotRequests() {}

  /**
   * @param before the generation that is kept beside the new one, until that has been woken
   */
  static ObjectNode save(
      KernelIdentity identity,
      KernelParts parts,
      HibernationSettings settings,
      int generation,
      Optional<Snapshot> before) {
    ObjectNode request = of(identity, parts, generation);
    ArrayNode keep = request.putArray("keep");
    before.ifPresent(snapshot -> keep.add(snapshot.generation()));
    limits(request, settings).put("total_seconds", settings.saveTimeout().toSeconds());
    ArrayNode secrets = request.putArray("secret_environment");
    settings.secretNames().forEach(secrets::add);
    return request;
  }

  static ObjectNode restore(
      KernelIdentity identity, KernelParts parts, HibernationSettings settings, Snapshot snapshot) {
    ObjectNode request = of(identity, parts, snapshot.generation());
    request.put("digest", snapshot.digest());
    limits(request, settings);
    return request;
  }

  private static ObjectNode limits(ObjectNode request, HibernationSettings settings) {
    return request
        .putObject("limits")
        .put("variable_seconds", settings.variableTimeout().toSeconds())
        .put("bytes", settings.maxBytes());
  }

  private static ObjectNode of(KernelIdentity identity, KernelParts parts, int generation) {
    SleepRoom room =
        parts
            .sleepRoom()
            .orElseThrow(() -> new IllegalStateException("kernels of this gateway do not sleep"));
    ObjectNode request =
        JsonNodeFactory.instance
            .objectNode()
            .put("kernel", identity.id().value())
            .put("generation", generation)
            .put(
                "key",
                Base64.getEncoder().encodeToString(room.keys().of(identity.id(), generation)));
    room.place().describe(identity.id(), identity.folder().path(), request);
    return request;
  }
}
