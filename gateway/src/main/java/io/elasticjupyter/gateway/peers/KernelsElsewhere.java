// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.kernelapi.Timestamp;
import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.provisioner.KnownKernel;
import io.elasticjupyter.kernels.replicas.Territory;
import io.elasticjupyter.wire.json.PooledJson;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The kernels of the other replicas, for the list of all. None may be missing there because its
 * replica does not answer: clients take a kernel that is not listed for ended.
 */
public final class KernelsElsewhere implements Supplier<List<JsonNode>> {

  private static final System.Logger LOG = System.getLogger(KernelsElsewhere.class.getName());
  private static final JsonMapper JSON = PooledJson.mapper().build();

  private final Forwarding forwarding;
  private final Territory territory;
  private final Supplier<List<KnownKernel>> known;

  /**
   * @param known all kernels
   */
  public KernelsElsewhere(
      Forwarding forwarding, Territory territory, Supplier<List<KnownKernel>> known) {
    this.forwarding = forwarding;
    this.territory = territory;
    this.known = known;
  }

  @Override
  public List<JsonNode> get() {
    Map<String, JsonNode> models = new LinkedHashMap<>();
    for (byte[] answer : forwarding.listsOfOthers()) {
      try {
        JSON.readTree(answer).forEach(model -> models.put(model.path("id").asText(), model));
      } catch (IOException e) {
        LOG.log(Level.WARNING, "event=list-of-another-replica-unreadable reason={0}", e.toString());
      }
    }
    for (KnownKernel kernel : known.get()) {
      if (!territory.holds(kernel.id())) {
        models.computeIfAbsent(kernel.id().value(), _ -> between(kernel));
      }
    }
    return List.copyOf(models.values());
  }

  private static ObjectNode between(KnownKernel kernel) {
    return JSON.createObjectNode()
        .put("id", kernel.id().value())
        .put("name", kernel.spec().name())
        .put("last_activity", Timestamp.of(kernel.startedAt()))
        .put("execution_state", ExecutionState.STARTING.wireName())
        .put("connections", 0)
        .put("reason", "The kernel changes from one gateway to another.");
  }
}
