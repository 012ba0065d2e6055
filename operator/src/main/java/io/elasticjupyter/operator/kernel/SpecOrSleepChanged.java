// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelSleep;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/**
 * Which changes of a JupyterKernel are looked at: of its spec, of its end, and of whether its
 * variables are saved, which its gateway writes into the status. What the operator itself writes
 * there is no news.
 */
public final class SpecOrSleepChanged implements OnUpdateFilter<JupyterKernel> {

  @Override
  public boolean accept(JupyterKernel now, JupyterKernel before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || KernelSleep.sleeps(now.getStatus()) != KernelSleep.sleeps(before.getStatus());
  }
}
