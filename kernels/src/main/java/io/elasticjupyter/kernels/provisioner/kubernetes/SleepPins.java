// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelHeld;
import io.elasticjupyter.api.KernelSleep;
import io.elasticjupyter.wire.json.PooledJson;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Writes into the status of JupyterKernels where their variables are. That a kernel sleeps has to
 * be written before its Pod may go; that it is awake again is written until it is, since the next
 * gateway would take an old snapshot for the variables. Safe for any thread.
 */
final class SleepPins {

  private static final System.Logger LOG = System.getLogger(SleepPins.class.getName());

  private static final String AWAKE = "{\"status\":{\"hibernation\":{\"asleep\":false}}}";

  /** The operator writes the same resource. */
  private static final int TRIES = 10;

  private static final JsonMapper JSON = PooledJson.mapper().build();

  private final Function<String, Resource<JupyterKernel>> resources;
  private final Map<String, Pin> pins = new ConcurrentHashMap<>();
  private final UntilDone untilDone;
  private final Predicate<JupyterKernel> ours;

  /** What shall be noted about one kernel; its lock lets one write at a time. */
  private static final class Pin {
    final ReentrantLock lock = new ReentrantLock();
    long wanted;

    /** Lets what was wanted before not be written later. */
    long next() {
      lock.lock();
      try {
        return ++wanted;
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * @param resources finds a kernel's resource by its name
   * @param ours whether a kernel is this replica's
   */
  SleepPins(
      Function<String, Resource<JupyterKernel>> resources,
      UntilDone untilDone,
      Predicate<JupyterKernel> ours) {
    this.resources = resources;
    this.untilDone = untilDone;
    this.ours = ours;
  }

  /**
   * Notes that a kernel sleeps.
   *
   * @throws KubernetesClientException if it may not be noted
   */
  void pin(String kernel, KernelSleep sleep) {
    Pin pin = pins.computeIfAbsent(kernel, _ -> new Pin());
    pin.lock.lock();
    try {
      pin.wanted++;
      write(kernel, "{\"status\":{\"hibernation\":" + json(sleep) + "}}");
    } finally {
      pin.lock.unlock();
    }
  }

  /** Notes that a kernel is awake; goes on behind where the API server does not answer. */
  void unpin(String kernel) {
    Pin pin = pins.computeIfAbsent(kernel, _ -> new Pin());
    long wanted = pin.next();
    untilDone.run("unpin-" + kernel, () -> isOver(kernel, pin, wanted));
  }

  /** Whether it is written, or something else is wanted by now. */
  private boolean isOver(String kernel, Pin pin, long wanted) {
    pin.lock.lock();
    try {
      return pin.wanted != wanted || isAwakeWritten(kernel);
    } finally {
      pin.lock.unlock();
    }
  }

  private boolean isAwakeWritten(String kernel) {
    try {
      write(kernel, AWAKE);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return true;
      }
      LOG.log(
          Level.WARNING, "event=kernel-not-unpinned kernel={0} reason={1}", kernel, e.getMessage());
      return false;
    }
  }

  /** Notes why a kernel that was to hibernate does not. */
  void trouble(String kernel, String why) {
    writeIfPossible(kernel, "{\"status\":{\"hibernation\":{\"trouble\":" + json(why) + "}}}");
  }

  /** Notes a kernel's account. */
  void note(String kernel, KernelHeld held) {
    writeIfPossible(kernel, "{\"status\":{\"held\":" + json(held) + "}}");
  }

  private void writeIfPossible(String kernel, String patch) {
    try {
      write(kernel, patch);
    } catch (KubernetesClientException e) {
      LOG.log(
          Level.WARNING, "event=status-not-noted kernel={0} reason={1}", kernel, e.getMessage());
    }
  }

  void forget(String kernel) {
    Pin gone = pins.remove(kernel);
    LOG.log(Level.DEBUG, "event=pin-forgotten kernel={0} was-there={1}", kernel, gone != null);
  }

  /**
   * Writes, if the kernel is still this replica's when the API server takes it: nothing else keeps
   * one that was away for a while from noting about a kernel what is no longer so.
   */
  private void write(String kernel, String patch) {
    Resource<JupyterKernel> resource = resources.apply(kernel);
    for (int tries = 1; ; tries++) {
      JupyterKernel current = resource.get();
      if (current == null) {
        throw new KubernetesClientException(
            "the kernel is gone", HttpURLConnection.HTTP_NOT_FOUND, null);
      }
      if (!ours.test(current)) {
        throw new KubernetesClientException("another replica of the gateway has the kernel");
      }
      try {
        JupyterKernel written =
            resource
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), asOf(current, patch));
        LOG.log(
            Level.DEBUG,
            "event=kernel-status-noted kernel={0} version={1}",
            kernel,
            written.getMetadata().getResourceVersion());
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || tries == TRIES) {
          throw e;
        }
      }
    }
  }

  /** The patch with the version that it is for, which the API server compares. */
  private static String asOf(JupyterKernel current, String patch) {
    return "{\"metadata\":{\"resourceVersion\":"
        + json(current.getMetadata().getResourceVersion())
        + "},"
        + patch.substring(1);
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is JSON", e);
    }
  }
}
