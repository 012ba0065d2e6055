// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelspecs;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import java.util.HashSet;
import java.util.Set;

/**
 * Which users may start which kernels: nobody on the list of the unauthorized, and where there is a
 * list of the authorized only those on it. A kernelspec's own lists ({@code
 * metadata.process_proxy.config}) add to the first and replace the second.
 */
final class KernelUsers {

  private final Set<String> unauthorized;
  private final Set<String> authorized;

  KernelUsers(Set<String> unauthorized, Set<String> authorized) {
    this.unauthorized = unauthorized;
    this.authorized = authorized;
  }

  boolean allows(String user, KernelSpec spec) {
    return !isUnauthorized(user, spec) && isAuthorized(user, spec);
  }

  void check(String user, KernelSpec spec) throws ApiFailure {
    if (isUnauthorized(user, spec)) {
      throw ApiFailure.of(
          FailureCode.USER_REFUSED,
          "User '%s' is not authorized to start kernel '%s': the name is on the list of unauthorized users. Ensure KERNEL_USERNAME is set to an appropriate value and retry the request."
              .formatted(user, spec.displayName()));
    }
    if (!isAuthorized(user, spec)) {
      throw ApiFailure.of(
          FailureCode.USER_REFUSED,
          "User '%s' is not in the set of users authorized to start kernel '%s'. Ensure KERNEL_USERNAME is set to an appropriate value and retry the request."
              .formatted(user, spec.displayName()));
    }
  }

  private boolean isUnauthorized(String user, KernelSpec spec) {
    return unauthorized.contains(user) || list(spec, "unauthorized_users").contains(user);
  }

  private boolean isAuthorized(String user, KernelSpec spec) {
    Set<String> own = list(spec, "authorized_users");
    Set<String> counting = own.isEmpty() ? authorized : own;
    return counting.isEmpty() || counting.contains(user);
  }

  private static Set<String> list(KernelSpec spec, String name) {
    JsonNode node = spec.document().at("/metadata/process_proxy/config/" + name);
    Set<String> users = new HashSet<>();
    if (node.isArray()) {
      node.forEach(user -> users.add(user.asText().strip()));
    } else {
      for (String user : node.asText("").split(",", -1)) {
        users.add(user.strip());
      }
    }
    users.remove("");
    return users;
  }
}
