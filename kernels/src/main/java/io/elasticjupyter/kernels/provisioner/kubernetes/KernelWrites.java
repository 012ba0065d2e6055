// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelSleep;
import io.elasticjupyter.api.KernelSpec.OperatingMode;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.lang.System.Logger.Level;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a gateway writes into JupyterKernels that are there, beside asking for another run. What the
 * API server does not take is logged; what must arrive is tried until it does. Safe for any thread;
 * calls block on the API server.
 */
final class KernelWrites {

  private static final System.Logger LOG = System.getLogger(KernelWrites.class.getName());

  private final Function<String, Resource<JupyterKernel>> resources;
  private final UntilDone untilDone = new UntilDone();
  private final SleepPins pins;
  private final String replica;

  /**
   * @param resources finds a kernel's resource by its name
   * @param replica which of several replicas writes; empty where there is but one
   */
  KernelWrites(Function<String, Resource<JupyterKernel>> resources, String replica) {
    this.resources = resources;
    this.replica = replica;
    this.pins = new SleepPins(resources, untilDone, this::isOurs);
  }

  /** Whether a kernel is this replica's: nobody writes about another's. */
  boolean isOurs(JupyterKernel kernel) {
    return replica.isEmpty() || ResourceClaims.owner(kernel).equals(replica);
  }

  /** Lets the Pod of a run end. */
  void stop(String kernel, int run) {
    boolean _ = become(kernel, run, OperatingMode.STOPPED);
  }

  /** Lets the Pod of a run end that is pinned as asleep. */
  void giveBack(String kernel, int run) {
    untilDone.run("give-back-" + kernel, () -> become(kernel, run, OperatingMode.HIBERNATED));
  }

  private boolean become(String kernel, int run, OperatingMode mode) {
    return edit(
        kernel,
        "mode-" + mode,
        resource -> {
          // Another run may be wanted by now, which is none of what is asked here.
          if (KernelResource.run(resource) == run && isOurs(resource)) {
            resource.setSpec(KernelResource.with(resource.getSpec(), run, mode));
          }
          return resource;
        });
  }

  /** Notes an answer where the next gateway finds it. */
  void keep(String kernel, String sealedAnswer) {
    boolean _ =
        edit(
            kernel,
            "answer",
            resource -> {
              resource.getMetadata().getAnnotations().put(Labels.ANSWER, sealedAnswer);
              return resource;
            });
  }

  /** Whether the API server took it. */
  private boolean edit(String kernel, String what, UnaryOperator<JupyterKernel> change) {
    try {
      JupyterKernel changed = resources.apply(kernel).edit(change);
      LOG.log(
          Level.DEBUG,
          "event=kernel-changed kernel={0} what={1} found={2}",
          kernel,
          what,
          changed != null);
      return true;
    } catch (KubernetesClientException e) {
      LOG.log(
          Level.WARNING,
          "event=kernel-not-changed kernel={0} what={1} reason={2}",
          kernel,
          what,
          KubernetesProvisioner.sentence(e));
      return false;
    }
  }

  /**
   * Notes that a kernel sleeps.
   *
   * @throws KubernetesClientException if it may not be noted
   */
  void pin(String kernel, KernelSleep sleep) {
    pins.pin(kernel, sleep);
  }

  /** Notes that a kernel is awake. */
  void unpin(String kernel) {
    pins.unpin(kernel);
  }

  /** Notes a kernel's account. */
  void account(String kernel, HeldTime held) {
    pins.note(kernel, SleepOfResource.written(held));
  }

  /**
   * Takes back what somebody wished of a kernel, and notes why.
   *
   * @param kernelspec what it goes on with
   */
  void refuse(String kernel, String kernelspec, String why) {
    pins.trouble(kernel, why);
    untilDone.run(
        "refuse-wish-" + kernel,
        () ->
            edit(
                kernel,
                "wish-refused",
                resource -> {
                  if (isOurs(resource)) {
                    resource.setSpec(KernelResource.asItIs(resource, kernelspec));
                  }
                  return resource;
                }));
  }

  void forget(String kernel) {
    pins.forget(kernel);
  }

  /** Writes nothing later any more. */
  void close() {
    untilDone.close();
  }
}
