// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the Pod Security profile "restricted" asks for, put in where a Pod says nothing itself. What
 * a template says is its author's business, and admission's.
 */
public final class RestrictedPod {

  private static final Long ROOT = 0L;

  private RestrictedPod() {}

  /** The Pod with the profile's settings; user and group take effect where it names none. */
  public static PodSpec of(PodSpec given, long user, long group) {
    List<Container> containers =
        given.getContainers().stream().map(RestrictedPod::container).toList();
    List<Container> initContainers =
        given.getInitContainers() == null
            ? List.of()
            : given.getInitContainers().stream().map(RestrictedPod::container).toList();
    return new PodSpecBuilder(given)
        .withContainers(containers)
        .withInitContainers(initContainers)
        .withSecurityContext(pod(given.getSecurityContext(), user, group))
        .build();
  }

  private static PodSecurityContext pod(@Nullable PodSecurityContext given, long user, long group) {
    PodSecurityContext own = Objects.requireNonNullElseGet(given, PodSecurityContext::new);
    PodSecurityContextBuilder filled = new PodSecurityContextBuilder(own);
    if (own.getRunAsNonRoot() == null && !Objects.equals(own.getRunAsUser(), ROOT)) {
      filled.withRunAsNonRoot(true);
    }
    if (own.getRunAsUser() == null) {
      filled.withRunAsUser(user);
    }
    if (own.getRunAsGroup() == null) {
      filled.withRunAsGroup(group);
    }
    if (own.getFsGroup() == null) {
      filled.withFsGroup(group);
    }
    if (own.getSeccompProfile() == null) {
      filled.withNewSeccompProfile().withType("RuntimeDefault").endSeccompProfile();
    }
    return filled.build();
  }

  private static Container container(Container given) {
    SecurityContext own =
        Objects.requireNonNullElseGet(given.getSecurityContext(), SecurityContext::new);
    SecurityContextBuilder filled = new SecurityContextBuilder(own);
    boolean privileged = Boolean.TRUE.equals(own.getPrivileged());
    if (own.getAllowPrivilegeEscalation() == null && !privileged) {
      filled.withAllowPrivilegeEscalation(false);
    }
    if (own.getCapabilities() == null && !privileged) {
      filled.withNewCapabilities().withDrop("ALL").endCapabilities();
    }
    return new ContainerBuilder(given).withSecurityContext(filled.build()).build();
  }
}
