// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelspecs;

import io.elasticjupyter.gateway.config.KernelAccessConfig;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The kernelspecs that clients may know of, and the one that they get without naming one. */
public final class OfferedKernelSpecs {

  private final Supplier<Map<String, KernelSpec>> installed;
  private final KernelAccessConfig config;
  private final KernelUsers users;

  /**
   * Offers what the settings allow.
   *
   * @param installed what is there now, by name
   */
  public OfferedKernelSpecs(
      Supplier<Map<String, KernelSpec>> installed, KernelAccessConfig config) {
    this.installed = installed;
    this.config = config;
    this.users = new KernelUsers(config.unauthorizedUsers(), config.authorizedUsers());
  }

  /** All that are offered, by name. */
  public Map<String, KernelSpec> all() {
    Map<String, KernelSpec> offered = new TreeMap<>(installed.get());
    if (!config.allowedKernels().isEmpty()) {
      offered.keySet().retainAll(config.allowedKernels());
    }
    return offered;
  }

  /** Those of them that a user may start. */
  public Map<String, KernelSpec> of(Optional<String> user) {
    Map<String, KernelSpec> offered = all();
    user.ifPresent(name -> offered.values().removeIf(spec -> !users.allows(name, spec)));
    return offered;
  }

  /**
   * The kernelspec of that name.
   *
   * @throws ApiFailure 404
   */
  public KernelSpec find(String name) throws ApiFailure {
    Map<String, KernelSpec> offered = all();
    KernelSpec spec = offered.get(name);
    if (spec == null) {
      spec = offered.get(name.toLowerCase(Locale.ROOT));
    }
    if (spec == null) {
      throw ApiFailure.of(FailureCode.KERNELSPEC_UNKNOWN, "Kernel spec " + name + " not found");
    }
    return spec;
  }

  /** The same, for a user who must be allowed to start it. */
  public KernelSpec find(String name, Optional<String> user) throws ApiFailure {
    KernelSpec spec = find(name);
    if (user.isPresent()) {
      users.check(user.get(), spec);
    }
    return spec;
  }

  /**
   * The configured default where it is offered; else the first one that is, so that a client is not
   * told a default that it cannot start.
   */
  public String defaultName() {
    Map<String, KernelSpec> offered = all();
    String configured = config.forceKernelName().orElse(config.defaultKernelName());
    return offered.containsKey(configured) || offered.isEmpty()
        ? configured
        : offered.keySet().iterator().next();
  }
}
