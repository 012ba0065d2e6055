// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.elasticjupyter.gateway.config.KernelAccessConfig;
import io.elasticjupyter.gateway.config.KernelEnvironmentConfig;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.kernelspecs.OfferedKernelSpecs;
import io.elasticjupyter.kernels.ExecutionState;
import io.elasticjupyter.kernels.Kernel;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.KernelModel;
import io.elasticjupyter.kernels.Kernels;
import io.elasticjupyter.kernels.StartRequest;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Starts kernels for those who may, with the environment that they may give. */
public final class KernelStarter {

  private static final System.Logger LOG = System.getLogger(KernelStarter.class.getName());

  private final Kernels kernels;
  private final OfferedKernelSpecs specs;
  private final KernelAccessConfig access;
  private final KernelEnvironmentConfig environment;
  private final EnvironmentRules rules;
  private final Redaction redaction;
  private final Supplier<KernelId> ids;

  /** Held from the count to the start, so that two starts cannot both be the last one allowed. */
  private final ReentrantLock starting = new ReentrantLock();

  public KernelStarter(
      Kernels kernels,
      OfferedKernelSpecs specs,
      KernelAccessConfig access,
      KernelEnvironmentConfig environment,
      Redaction redaction,
      Supplier<KernelId> ids) {
    this.kernels = kernels;
    this.specs = specs;
    this.access = access;
    this.environment = environment;
    this.rules = new EnvironmentRules(environment);
    this.redaction = redaction;
    this.ids = ids;
  }

  /** Without an environment, as sessions do. */
  public Kernel start(Optional<String> name) throws ApiFailure {
    return start(name, MissingNode.getInstance());
  }

  /**
   * Asks for a kernel; answers at once.
   *
   * @param name its kernelspec; the default where none is given
   * @param env what the client sent as {@code env}
   * @throws ApiFailure 400 for an environment, 403 for a user, a limit or a wish that is not
   *     allowed, 404 for a name, 409 for an id that is taken, 500 where the launch failed at once
   */
  public Kernel start(Optional<String> name, JsonNode env) throws ApiFailure {
    Map<String, String> accepted = rules.accepted(env);
    StartVariables variables =
        StartVariables.of(accepted, access, environment.mirrorWorkingDirectories());
    String wanted = access.forceKernelName().or(() -> name).orElseGet(specs::defaultName);
    KernelSpec spec = specs.find(wanted, variables.username());
    KernelId id = variables.id().orElseGet(ids);
    StartRequest request =
        new StartRequest(
            Optional.of(id),
            spec,
            variables.username().orElse(""),
            rules.over(spec, id, accepted),
            variables.workingDirectory());
    LOG.log(
        System.Logger.Level.DEBUG,
        () ->
            "kernel=asked id=%s spec=%s env=%s"
                .formatted(id, spec.name(), redaction.shown(request.env())));
    starting.lock();
    try {
      checkLimits(request.username());
      return kernels.start(request);
    } catch (KernelFailure failure) {
      throw KernelFailures.translated(failure);
    } finally {
      starting.unlock();
    }
  }

  private void checkLimits(String username) throws ApiFailure {
    if (access.maxKernels().isEmpty() && access.maxKernelsPerUser().isEmpty()) {
      return;
    }
    int all = 0;
    int own = 0;
    for (Kernel kernel : kernels.all()) {
      KernelModel model = kernel.model();
      // One that sleeps takes nothing that is scarce; it has limits of its own.
      if (model.executionState() != ExecutionState.DEAD && !model.asleep()) {
        all++;
        if (model.username().equals(username)) {
          own++;
        }
      }
    }
    checkLimit(all, access.maxKernels(), "");
    if (!username.isEmpty()) {
      checkLimit(own, access.maxKernelsPerUser(), " per user");
    }
  }

  private static void checkLimit(int running, OptionalInt limit, String whose) throws ApiFailure {
    if (limit.isPresent() && running >= limit.getAsInt()) {
      throw ApiFailure.withReason(
          FailureCode.RESOURCE_LIMIT,
          "Resource Limit",
          "The maximum number of kernels%s (%d) has been reached. Shut a kernel down and try again."
              .formatted(whose, limit.getAsInt()));
    }
  }
}
