// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** Starts contenders: one of each for all rows, or a new one for a row that looks at its memory. */
public final class Stage implements AutoCloseable {
  private final Workbench workbench;
  private final Map<Contender, Running> shared = new EnumMap<>(Contender.class);

  public Stage(Workbench workbench) {
    this.workbench = workbench;
  }

  public Workbench workbench() {
    return workbench;
  }

  /** The one that lives as long as the stage. */
  public Running shared(Contender contender) throws IOException {
    Contender process = contender == Contender.OURS_LEGACY ? Contender.OURS : contender;
    Running running = shared.get(process);
    if (running == null) {
      running = fresh(process);
      shared.put(process, running);
    }
    if (contender == Contender.OURS_LEGACY && running instanceof Gateway gateway) {
      return gateway.as(contender);
    }
    return running;
  }

  /** A new one, which the caller closes. */
  public Running fresh(Contender contender) throws IOException {
    return contender == Contender.RAW
        ? new RawKernels(workbench)
        : Gateway.start(contender, workbench);
  }

  @Override
  public void close() throws IOException {
    for (Running running : shared.values()) {
      running.close();
    }
  }
}
