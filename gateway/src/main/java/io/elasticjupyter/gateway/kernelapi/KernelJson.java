// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.gateway.http.Json;
import io.elasticjupyter.kernels.KernelModel;

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
    return model;
  }
}
