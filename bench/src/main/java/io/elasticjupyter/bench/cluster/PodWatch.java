// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The Pods of one namespace, watched, so that waiting for one costs no request. Thread-safe. */
final class PodWatch implements AutoCloseable {
  private final String namespace;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SharedIndexInformer<Pod> pods;

  PodWatch(KubernetesClient client, String namespace) {
    this.namespace = namespace;
    this.pods = client.pods().inNamespace(namespace).inform(new Bell());
  }

  private final class Bell implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      ring();
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      ring();
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      ring();
    }

    private void ring() {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits until the Pod of that name, which may be none, is as wanted. */
  Optional<Pod> await(String name, Predicate<Optional<Pod>> wanted, Duration limit)
      throws IOException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (true) {
        Optional<Pod> pod = Optional.ofNullable(pods.getIndexer().getByKey(namespace + "/" + name));
        if (wanted.test(pod)) {
          return pod;
        }
        if (left <= 0) {
          throw new IOException("Pod %s is not as wanted after %s".formatted(name, limit));
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } finally {
      lock.unlock();
    }
  }

  void awaitGone(String name, Duration limit) throws IOException {
    await(name, Optional::isEmpty, limit);
  }

  /** How many Pods there are with that value of a label. */
  long count(String label, String value) {
    return pods.getStore().list().stream()
        .map(pod -> pod.getMetadata().getLabels())
        .filter(labels -> labels != null && value.equals(labels.get(label)))
        .count();
  }

  @Override
  public void close() {
    pods.stop();
  }
}
