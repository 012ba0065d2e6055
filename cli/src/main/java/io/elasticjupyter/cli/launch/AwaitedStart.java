// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.launch;

import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelStatus;
import io.elasticjupyter.api.KernelStatus.Stage;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits until a kernel's Pod runs, and takes the kernel back where it never will. */
final class AwaitedStart {

  private final Resource<JupyterKernel> resource;
  private final int run;
  private final Consumer<String> progress;
  private volatile String said = "The cluster has not answered yet.";

  /**
   * A start that was asked for.
   *
   * @param run that was asked for; what is told of another is not looked at
   * @param progress is told each new sentence of the operator
   */
  AwaitedStart(Resource<JupyterKernel> resource, int run, Consumer<String> progress) {
    this.resource = resource;
    this.run = run;
    this.progress = progress;
  }

  /**
   * Returns when the Pod runs; fails with the operator's sentence where it cannot or takes longer.
   */
  void await(Duration limit) throws ProgramFailure {
    Stage stage;
    try {
      stage =
          stageOf(
              resource.waitUntilCondition(
                  this::isDecided, limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (KubernetesClientTimeoutException e) {
      takeBack();
      throw new ProgramFailure(
          "the kernel did not run within %d seconds: %s".formatted(limit.toSeconds(), said), e);
    }
    if (stage != Stage.RUNNING) {
      takeBack();
      throw new ProgramFailure("the kernel did not start: " + said);
    }
  }

  private boolean isDecided(@Nullable JupyterKernel kernel) {
    if (kernel == null) {
      said = "its JupyterKernel resource was deleted by somebody.";
      return true;
    }
    Stage stage = stageOf(kernel);
    Optional.ofNullable(kernel.getStatus())
        .filter(status -> Objects.equals(status.run(), run))
        .map(KernelStatus::message)
        .ifPresent(this::tell);
    return stage == Stage.RUNNING || stage == Stage.ENDED || stage == Stage.STOPPED;
  }

  private @Nullable Stage stageOf(@Nullable JupyterKernel kernel) {
    KernelStatus status = kernel == null ? null : kernel.getStatus();
    return status != null && Objects.equals(status.run(), run) ? status.stage() : null;
  }

  private void tell(String message) {
    if (!message.equals(said)) {
      said = message;
      progress.accept(message);
    }
  }

  /**
   * Enterprise Gateway deletes a Pod that it knows, and of a kernel without one it knows nothing.
   */
  private void takeBack() {
    List<?> deleted = resource.delete();
    progress.accept(deleted.isEmpty() ? "the kernel was gone already" : "the kernel is taken back");
  }
}
