// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.kernels.KernelModel;
import io.elasticjupyter.kernels.accounting.Use;
import io.elasticjupyter.kernels.hibernation.Snapshot;
import io.elasticjupyter.kernels.hibernation.SnapshotReport;
import java.util.List;

/** A kernel as clients read it. */
public final class KernelJson {

  private KernelJson() {}

  public static ObjectNode model(KernelModel kernel) {
    ObjectNode model = Json.object();
    model.put("id", kernel.id().value());
    model.put("name", kernel.name());
    model.put("last_activity", Timestamp.of(kernel.lastActivity()));
    model.put("execution_state", kernel.executionState().wireName());
    model.put("connections", kernel.connections());
    kernel.reason().ifPresent(reason -> model.put("reason", reason));
    kernel.snapshot().ifPresent(snapshot -> model.set("hibernation", hibernation(snapshot)));
    model
        .putObject("held_seconds")
        .put(Use.BUSY.wireName(), kernel.held().busyMillis() / 1_000)
        .put(Use.IDLE.wireName(), kernel.held().idleMillis() / 1_000)
        .put(Use.GIVEN_BACK.wireName(), kernel.held().givenBackMillis() / 1_000);
    return model;
  }

  /** What a kernel's variables are in while it sleeps, and what is not in it. */
  private static ObjectNode hibernation(Snapshot snapshot) {
    SnapshotReport report = snapshot.report();
    ObjectNode hibernation = Json.object();
    hibernation.put("since", Timestamp.of(snapshot.savedAt()));
    hibernation.put("generation", snapshot.generation());
    hibernation.put("bytes", report.bytes());
    hibernation.put("kept", report.kept());
    hibernation.set("rebuilt", entries(report.rebuilt()));
    hibernation.set("partial", entries(report.partial()));
    hibernation.set("lost", entries(report.lost()));
    return hibernation;
  }

  private static ArrayNode entries(List<SnapshotReport.Entry> entries) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (SnapshotReport.Entry entry : entries) {
      list.addObject()
          .put("name", entry.name())
          .put("type", entry.type())
          .put("reason", entry.reason());
    }
    return list;
  }
}
