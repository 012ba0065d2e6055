// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.notebook;

import io.elasticjupyter.api.Images;
import io.elasticjupyter.api.JupyterNotebook;
import io.elasticjupyter.api.JupyterNotebookSpec.Auth;
import io.elasticjupyter.api.JupyterNotebookSpec.Mode;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.api.Storage;
import io.elasticjupyter.operator.cluster.Claims;
import io.elasticjupyter.operator.cluster.HttpService;
import io.elasticjupyter.operator.cluster.Owned;
import io.elasticjupyter.operator.cluster.ReadOnlyRoot;
import io.elasticjupyter.operator.cluster.RestrictedPod;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The objects of one notebook server, as functions of its resource. */
final class NotebookResources {

  static final String TOKEN = "token";
  static final String PASSWORD = "password";
  static final String GATEWAY_TOKEN = "gateway-token";

  /** A program of ours, and its container. */
  static final String AWAIT_GATEWAY = "await-gateway";

  private static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";
  private static final String COMPONENT = "notebook";
  private static final long USER = 1000;
  private static final long GROUP = 100;
  private static final String HOME_VOLUME = "home";
  private static final String HOME = "/home/jovyan";

  private NotebookResources() {}

  /**
   * The gateway that a notebook uses.
   *
   * @param token what it must send; empty where the gateway's Secret is not there
   * @param image of our programs, to wait for it with
   */
  record GatewayAccess(String url, String token, String image) {}

  private static ObjectMeta metadata(JupyterNotebook notebook, String name) {
    return Owned.metadata(notebook, name, COMPONENT, Labels.NOTEBOOK);
  }

  static String secretName(JupyterNotebook notebook) {
    return notebook.getMetadata().getName() + "-notebook";
  }

  static boolean isOpen(JupyterNotebook notebook) {
    Auth auth = notebook.getSpec().auth();
    return auth != null && auth.mode() == Mode.DISABLE;
  }

  /**
   * Tokens as a Secret, since arguments and environments are seen by others.
   *
   * @param madeToken what the operator made up before or makes up now, used where none is given
   */
  static Secret secret(
      JupyterNotebook notebook, String madeToken, Optional<GatewayAccess> gateway) {
    Auth auth = notebook.getSpec().auth();
    Map<String, String> data = new LinkedHashMap<>();
    String given = auth == null ? null : auth.token();
    data.put(TOKEN, isOpen(notebook) ? "" : Objects.requireNonNullElse(given, madeToken));
    if (auth != null && auth.password() != null) {
      data.put(PASSWORD, auth.password());
    }
    gateway.ifPresent(access -> data.put(GATEWAY_TOKEN, access.token()));
    return new SecretBuilder()
        .withMetadata(metadata(notebook, secretName(notebook)))
        .withStringData(data)
        .build();
  }

  static Service service(JupyterNotebook notebook) {
    return HttpService.of(notebook, COMPONENT, Labels.NOTEBOOK);
  }

  /** The user's home; null where the notebook asks for no storage. */
  static @Nullable PersistentVolumeClaim claim(JupyterNotebook notebook) {
    Storage storage = notebook.getSpec().storage();
    return storage == null ? null : Claims.of(storage, metadata(notebook, claimName(notebook)));
  }

  private static String claimName(JupyterNotebook notebook) {
    return notebook.getMetadata().getName() + "-home";
  }

  static Deployment deployment(JupyterNotebook notebook, Optional<GatewayAccess> gateway) {
    Map<String, String> labels = Owned.labels(notebook, COMPONENT, Labels.NOTEBOOK);
    PodTemplateSpec template =
        Objects.requireNonNullElseGet(notebook.getSpec().template(), PodTemplateSpec::new);
    ObjectMeta given = Objects.requireNonNullElseGet(template.getMetadata(), ObjectMeta::new);
    PodSpec pod = pod(notebook, template, gateway);
    return new DeploymentBuilder()
        .withMetadata(metadata(notebook, notebook.getMetadata().getName()))
        .withNewSpec()
        .withReplicas(1)
        .withNewStrategy()
        .withType("Recreate")
        .endStrategy()
        .withNewSelector()
        .withMatchLabels(labels)
        .endSelector()
        .withNewTemplate()
        .withMetadata(
            new ObjectMetaBuilder()
                .withLabels(Objects.requireNonNullElse(given.getLabels(), Map.of()))
                .addToLabels(labels)
                .withAnnotations(annotations(given, pod))
                .build())
        .withSpec(pod)
        .endTemplate()
        .endSpec()
        .build();
  }

  /**
   * So that {@code kubectl logs} and {@code exec} mean the notebook and do not say that they do.
   */
  private static Map<String, String> annotations(ObjectMeta given, PodSpec pod) {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(DEFAULT_CONTAINER, pod.getContainers().getFirst().getName());
    annotations.putAll(Objects.requireNonNullElse(given.getAnnotations(), Map.of()));
    return annotations;
  }

  private static PodSpec pod(
      JupyterNotebook notebook, PodTemplateSpec template, Optional<GatewayAccess> gateway) {
    PodSpec given = Objects.requireNonNullElseGet(template.getSpec(), PodSpec::new);
    List<Container> containers = new ArrayList<>(given.getContainers());
    Container first =
        containers.isEmpty()
            ? new ContainerBuilder().withName(COMPONENT).build()
            : containers.removeFirst();
    Container own = container(notebook, first, gateway);
    containers.addFirst(own);
    List<Container> before = new ArrayList<>(given.getInitContainers());
    gateway.ifPresent(access -> before.addFirst(awaitGateway(access, own)));
    PodSpecBuilder pod =
        new PodSpecBuilder(given)
            .withInitContainers(before)
            .withContainers(containers)
            .withEnableServiceLinks(false);
    if (given.getAutomountServiceAccountToken() == null && given.getServiceAccountName() == null) {
      pod.withAutomountServiceAccountToken(false);
    }
    if (notebook.getSpec().storage() != null) {
      pod.addToVolumes(Claims.volume(HOME_VOLUME, claimName(notebook)));
    }
    return RestrictedPod.of(ReadOnlyRoot.of(pod.build()), USER, GROUP);
  }

  /**
   * The image with which a notebook that is ready has waited for its gateway. It is kept, since a
   * notebook whose Pod is replaced ends its user's kernels, and that wait is over.
   */
  static Optional<String> waitedWith(Deployment running) {
    Integer ready = running.getStatus() == null ? null : running.getStatus().getReadyReplicas();
    if (ready == null || ready == 0) {
      return Optional.empty();
    }
    return running.getSpec().getTemplate().getSpec().getInitContainers().stream()
        .filter(each -> each.getName().equals(AWAIT_GATEWAY))
        .map(Container::getImage)
        .findFirst();
  }

  /**
   * Holds the notebook back until its gateway answers from its Pod: the rules of Services and
   * policies reach a node some time after the Pod, and JupyterLab asks for a kernel once.
   *
   * @param own what it stands before and takes as much as, which costs the Pod nothing
   */
  private static Container awaitGateway(GatewayAccess access, Container own) {
    return new ContainerBuilder()
        .withName(AWAIT_GATEWAY)
        .withImage(access.image())
        .withArgs(AWAIT_GATEWAY)
        .withEnv(new EnvVar("JUPYTER_GATEWAY_URL", access.url(), null))
        .withResources(own.getResources())
        .withNewSecurityContext()
        .withReadOnlyRootFilesystem(true)
        .endSecurityContext()
        .build();
  }

  private static Container container(
      JupyterNotebook notebook, Container given, Optional<GatewayAccess> gateway) {
    ContainerBuilder container = new ContainerBuilder(given);
    if (given.getImage() == null || given.getImage().isEmpty()) {
      container.withImage(Images.NOTEBOOK);
    }
    List<EnvVar> env = new ArrayList<>();
    List<EnvVar> ours = environment(notebook, gateway);
    if (given.getEnv() != null) {
      env.addAll(given.getEnv());
    }
    ours.stream()
        .filter(each -> env.stream().noneMatch(own -> own.getName().equals(each.getName())))
        .forEach(env::add);
    container.withEnv(env);
    if (given.getReadinessProbe() == null && notebook.getSpec().template() == null) {
      container
          .withNewReadinessProbe()
          .withNewHttpGet()
          .withPath("/api")
          .withNewPort(HttpService.PORT)
          .endHttpGet()
          .withPeriodSeconds(1)
          .withFailureThreshold(3)
          .endReadinessProbe();
    }
    if (notebook.getSpec().storage() != null) {
      container.addNewVolumeMount().withName(HOME_VOLUME).withMountPath(HOME).endVolumeMount();
    }
    return container.build();
  }

  private static List<EnvVar> environment(
      JupyterNotebook notebook, Optional<GatewayAccess> gateway) {
    List<EnvVar> env = new ArrayList<>();
    env.add(fromSecret(notebook, "JUPYTER_TOKEN", TOKEN));
    Auth auth = notebook.getSpec().auth();
    if (auth != null && auth.password() != null) {
      env.add(fromSecret(notebook, "JUPYTER_PASSWORD", PASSWORD));
    }
    gateway.ifPresent(access -> {
      env.add(new EnvVar("JUPYTER_GATEWAY_URL", access.url(), null));
      env.add(fromSecret(notebook, "JUPYTER_GATEWAY_AUTH_TOKEN", GATEWAY_TOKEN));
      // A start may wait for a GPU; the gateway answers at once and tells the rest in the notebook.
      env.add(new EnvVar("JUPYTER_GATEWAY_REQUEST_TIMEOUT", "60", null));
      env.add(new EnvVar("KERNEL_USERNAME", "jovyan", null));
    });
    return env;
  }

  private static EnvVar fromSecret(JupyterNotebook notebook, String name, String key) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewSecretKeyRef()
        .withName(secretName(notebook))
        .withKey(key)
        .endSecretKeyRef()
        .endValueFrom()
        .build();
  }
}
