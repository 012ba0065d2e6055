// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.kernels.provisioner.Provisioner;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provisioner that does what the one behind it does, counts its calls, and fails when it is told.
 */
final class WatchedProvisioner {

  /** What happens when a method was called, in place of its answer if it throws. */
  @FunctionalInterface
  interface Then {
    void run() throws KernelFailure;
  }

  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final Map<String, Then> before = new ConcurrentHashMap<>();
  private final Map<String, Then> then = new ConcurrentHashMap<>();

  Provisioner around(Provisioner real) {
    return (Provisioner)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            List.of(Provisioner.class).toArray(Class[]::new),
            (proxy, method, arguments) -> {
              try {
                before.getOrDefault(method.getName(), () -> {}).run();
                Object answer = method.invoke(real, arguments);
                calls
                    .computeIfAbsent(method.getName(), every -> new AtomicInteger())
                    .incrementAndGet();
                then.getOrDefault(method.getName(), () -> {}).run();
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** How often a method came to its end. */
  int calls(String method) {
    return calls.getOrDefault(method, new AtomicInteger()).get();
  }

  /** From now on that happens behind each call of the method. */
  void after(String method, Then what) {
    then.put(method, what);
  }

  /** From now on that happens before each call of the method, which is not made where it throws. */
  void before(String method, Then what) {
    before.put(method, what);
  }
}
