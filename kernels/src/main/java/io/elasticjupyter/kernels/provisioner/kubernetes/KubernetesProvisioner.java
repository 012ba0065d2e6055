// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.kubernetes;

import io.elasticjupyter.api.JupyterGateway;
import io.elasticjupyter.api.JupyterGatewaySpec;
import io.elasticjupyter.api.JupyterKernel;
import io.elasticjupyter.api.KernelKeys;
import io.elasticjupyter.api.KernelSpec.OperatingMode;
import io.elasticjupyter.api.KernelStatus;
import io.elasticjupyter.api.Labels;
import io.elasticjupyter.api.wishes.ClientNames;
import io.elasticjupyter.api.wishes.ClientWishes;
import io.elasticjupyter.api.wishes.WishRefused;
import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.callback.AnswerSeal;
import io.elasticjupyter.kernels.callback.AwaitedKernels;
import io.elasticjupyter.kernels.callback.KernelAnswer;
import io.elasticjupyter.kernels.hibernation.PinnedSleep;
import io.elasticjupyter.kernels.hibernation.SleepRoom;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.KnownKernel;
import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import io.elasticjupyter.kernels.provisioner.Wish;
import io.elasticjupyter.kernels.replicas.Claims;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks for kernels by writing JupyterKernel resources and learns about them by watching those of
 * its gateway. Safe for any thread; calls block on the API server.
 */
public final class KubernetesProvisioner implements Provisioner, AwaitedKernels, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(KubernetesProvisioner.class.getName());
  private static final int CONFLICT = 409;

  private final KubernetesClient client;
  private final KubernetesSettings settings;
  private final KubernetesKernelSpecs kernelspecs;
  private final AnswerSeal seal;
  private final SleepRoom sleepRoom;
  private final KernelWrites writes;
  private final ResourceClaims claims =
      new ResourceClaims(this::watched, kernel -> resourceOf(kernel).map(this::resource));
  private final Map<String, PodProcess> processes = new ConcurrentHashMap<>();
  private volatile Consumer<KernelId> wishes = kernel -> {};
  private final SharedIndexInformer<JupyterKernel> kernels;
  private final SharedIndexInformer<JupyterGateway> gateways;

  /**
   * Begins to watch; returns when what is there is known.
   *
   * @param client closed by whoever made it
   * @param kernelspecs what its kernels are started from
   * @param sleepRoom what its kernels need to hibernate
   * @param random for what it keeps of kernels in a place that others read
   */
  public KubernetesProvisioner(
      KubernetesClient client,
      KubernetesSettings settings,
      KubernetesKernelSpecs kernelspecs,
      SleepRoom sleepRoom,
      SecureRandom random) {
    this.client = client;
    this.settings = settings;
    this.kernelspecs = kernelspecs;
    this.sleepRoom = sleepRoom;
    this.writes = new KernelWrites(this::resource, settings.replica());
    this.seal = new AnswerSeal(settings.key(), random);
    this.kernels =
        client
            .resources(JupyterKernel.class)
            .inNamespace(settings.namespace())
            .withLabel(Labels.GATEWAY, settings.gateway())
            .inform(new Watcher());
    this.gateways =
        client
            .resources(JupyterGateway.class)
            .inNamespace(settings.namespace())
            .withName(settings.gateway())
            .inform();
  }

  private final class Watcher implements ResourceEventHandler<JupyterKernel> {

    @Override
    public void onAdd(JupyterKernel kernel) {
      tell(kernel);
      claims.changed(kernel);
    }

    @Override
    public void onUpdate(JupyterKernel before, JupyterKernel kernel) {
      tell(kernel);
      if (SleepOfResource.wish(kernel).isPresent()) {
        KernelResource.id(kernel).ifPresent(wishes);
      }
      if (!ResourceClaims.owner(before).equals(ResourceClaims.owner(kernel))) {
        claims.changed(kernel);
      }
    }

    @Override
    public void onDelete(JupyterKernel kernel, boolean finalStateUnknown) {
      PodProcess process = processes.get(kernel.getMetadata().getName());
      if (process != null) {
        process.gone(kernel);
        boolean _ = processes.remove(kernel.getMetadata().getName(), process);
      }
      claims.changed(kernel);
    }

    private void tell(JupyterKernel kernel) {
      PodProcess process = processes.get(kernel.getMetadata().getName());
      if (process != null) {
        process.seen(kernel);
        if (process.awaitsAnswer()) {
          keptAnswer(kernel, process.run()).ifPresent(process::recall);
        }
      }
    }
  }

  private Resource<JupyterKernel> resource(String name) {
    return client.resources(JupyterKernel.class).inNamespace(settings.namespace()).withName(name);
  }

  private Resource<JupyterKernel> resource(JupyterKernel kernel) {
    return resource(kernel.getMetadata().getName());
  }

  private List<JupyterKernel> watched() {
    return kernels.getStore().list();
  }

  /** Whose each kernel is. */
  public Claims claims() {
    return claims;
  }

  /** A resource of this kernel may be there under a name that others gave it. */
  private String name(LaunchRequest request) {
    return resourceOf(request.id())
        .map(kernel -> kernel.getMetadata().getName())
        .orElseGet(() -> KernelResource.name(request));
  }

  @Override
  public void check(LaunchRequest request) throws KernelFailure {
    try {
      ClientNames.check(request.env(), settings.namespace());
      ClientWishes wishes =
          ClientWishes.of(
              request.env(),
              gateway().map(JupyterGateway::getSpec).map(JupyterGatewaySpec::clients).orElse(null));
      LOG.log(Level.DEBUG, "event=wishes-allowed kernel={0} user={1}", request.id(), wishes.user());
    } catch (WishRefused e) {
      throw new KernelFailure.NotAllowed(e.sentence());
    }
  }

  @Override
  public KernelProcess launch(LaunchRequest request) throws KernelFailure {
    Optional<String> unusable = kernelspecs.whyNotReady(request.spec().name());
    if (unusable.isPresent()) {
      throw new KernelFailure.LaunchFailed(unusable.get());
    }
    String name = name(request);
    try {
      sleepRoom.place().prepare(request.folder());
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "event=place-of-snapshots-not-prepared kernel={0} reason={1}",
          request.id(),
          e.toString());
    }
    try {
      return follow(name, request, ask(name, request));
    } catch (KubernetesClientException e) {
      throw new KernelFailure.LaunchFailed(
          "The kernel could not be asked for in namespace %s: %s"
              .formatted(settings.namespace(), sentence(e)));
    }
  }

  private JupyterKernel ask(String name, LaunchRequest request) {
    try {
      return client.resource(KernelResource.first(name, request, settings, owner())).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
    }
    return resource(name)
        .edit(kernel -> {
          if (!writes.isOurs(kernel)) {
            throw new KubernetesClientException("another replica of the gateway has it");
          }
          kernel.setSpec(KernelResource.next(kernel, request));
          kernel
              .getMetadata()
              .getLabels()
              .put(Labels.KERNEL_SPEC, Labels.value(request.spec().name()));
          return kernel;
        });
  }

  private PodProcess follow(String name, LaunchRequest request, JupyterKernel asked) {
    int run = KernelResource.run(asked);
    PodProcess process =
        new PodProcess(
            asked.getMetadata().getUid(),
            request.id(),
            run,
            KernelKeys.derive(settings.key(), settings.namespace(), request.id().value()),
            request.spec().name(),
            settings.callbackPatience(),
            asker(name, run));
    keptAnswer(asked, run).ifPresent(process::recall);
    processes.put(name, process);
    // What the watch saw before the process was noted.
    Optional.ofNullable(kernels.getStore().getByKey(settings.namespace() + "/" + name))
        .ifPresent(process::seen);
    return process;
  }

  private PodProcess.Asker asker(String name, int run) {
    return new PodProcess.Asker() {
      @Override
      public void stop() {
        writes.stop(name, run);
      }

      @Override
      public void hibernate() {
        writes.giveBack(name, run);
      }

      @Override
      public void keep(KernelAnswer answer) {
        writes.keep(name, seal.close(answer, place(name, run)));
      }
    };
  }

  private String place(String name, int run) {
    return settings.namespace() + "/" + name + "/" + run;
  }

  private Optional<KernelAnswer> keptAnswer(JupyterKernel kernel, int run) {
    Map<String, String> annotations = kernel.getMetadata().getAnnotations();
    return Optional.ofNullable(annotations == null ? null : annotations.get(Labels.ANSWER))
        .flatMap(text -> seal.open(text, place(kernel.getMetadata().getName(), run)));
  }

  @Override
  public List<KernelId> unanswered() {
    return processes.values().stream()
        .filter(PodProcess::awaitsAnswer)
        .map(PodProcess::kernel)
        .toList();
  }

  @Override
  public Verdict answered(KernelAnswer answer, String address) {
    return process(answer.kernel())
        .or(() -> ofAnotherReplica(answer.kernel()))
        .map(process -> process.answered(answer, address))
        .orElse(Verdict.UNKNOWN_KERNEL);
  }

  private Optional<PodProcess> process(KernelId kernel) {
    return processes.values().stream()
        .filter(process -> process.kernel().equals(kernel))
        .findFirst();
  }

  /**
   * A launcher's call comes to any replica; where the answer is kept, the kernel's own finds it.
   */
  private Optional<PodProcess> ofAnotherReplica(KernelId kernel) {
    if (settings.replica().isEmpty()) {
      return Optional.empty();
    }
    return known().stream()
        .filter(each -> each.id().equals(kernel))
        .findFirst()
        .flatMap(each ->
            resourceOf(kernel)
                .map(resource ->
                    follow(
                        resource.getMetadata().getName(),
                        new LaunchRequest(
                            each.id(), each.spec(), each.env(), Optional.empty(), Path.of("")),
                        resource)));
  }

  @Override
  public Optional<SleepRoom> sleepRoom(Path stateDirectory) {
    return Optional.of(sleepRoom);
  }

  @Override
  public void pin(LaunchRequest request, PinnedSleep sleep) throws KernelFailure {
    String name = name(request);
    PodProcess process = processes.get(name);
    if (process == null) {
      throw new KernelFailure.HibernationFailed("The kernel has no Pod of this gateway's.");
    }
    try {
      writes.pin(name, SleepOfResource.pinned(sleep, process.run()));
    } catch (KubernetesClientException e) {
      throw new KernelFailure.HibernationFailed(
          "That its variables are saved could not be noted in the cluster: " + sentence(e));
    }
  }

  @Override
  public void unpin(LaunchRequest request) {
    writes.unpin(name(request));
  }

  @Override
  public void account(LaunchRequest request, HeldTime held) {
    writes.account(name(request), held);
  }

  @Override
  public void onWish(Consumer<KernelId> heard) {
    wishes = heard;
  }

  @Override
  public Optional<Wish> wish(KernelId kernel) {
    return resourceOf(kernel)
        .flatMap(found ->
            SleepOfResource.wish(found)
                .map(kind ->
                    switch (kind) {
                      case LEAVE -> leave(found);
                      case HIBERNATE -> new Wish.Hibernate();
                      case WAKE -> new Wish.Wake();
                      case MOVE ->
                          move(Objects.requireNonNullElse(found.getSpec().kernelSpec(), ""));
                    }));
  }

  private static Wish leave(JupyterKernel kernel) {
    return new Wish.Leave(
        SleepOfResource.leavesAt(kernel).orElseThrow(),
        Objects.requireNonNullElse(kernel.getStatus().message(), "Its Pod is taken away."));
  }

  private Wish move(String kernelspec) {
    return new Wish.Move(kernelspec, Optional.ofNullable(kernelspecs.all().get(kernelspec)));
  }

  @Override
  public void refuseWish(LaunchRequest request, String why) {
    writes.refuse(name(request), request.spec().name(), why);
  }

  private Optional<JupyterKernel> resourceOf(KernelId kernel) {
    return kernels.getStore().list().stream()
        .filter(each -> kernel.value().equals(each.getSpec().kernelId()))
        .findFirst();
  }

  @Override
  public Optional<KernelProcess> adopt(LaunchRequest request, @Nullable ProcessRecord record) {
    String name = name(request);
    JupyterKernel kernel = kernels.getStore().getByKey(settings.namespace() + "/" + name);
    if (kernel == null || hasEnded(kernel)) {
      return Optional.empty();
    }
    return Optional.of(follow(name, request, kernel));
  }

  private static boolean hasEnded(JupyterKernel kernel) {
    KernelStatus status = kernel.getStatus();
    return kernel.getSpec().operatingMode() == OperatingMode.STOPPED
        || (kernel.getSpec().operatingMode() == OperatingMode.HIBERNATED
            && SleepOfResource.isAsleep(kernel))
        || (status != null
            && Objects.equals(status.run(), KernelResource.run(kernel))
            && (status.stage() == KernelStatus.Stage.ENDED
                || status.stage() == KernelStatus.Stage.STOPPED
                || status.stage() == KernelStatus.Stage.HIBERNATED));
  }

  @Override
  public void forget(LaunchRequest request) {
    String name = name(request);
    processes.remove(name);
    writes.forget(name);
    try {
      List<?> deleted = resource(name).delete();
      LOG.log(
          Level.DEBUG, "event=kernel-resource-deleted kernel={0} found={1}", name, deleted.size());
    } catch (KubernetesClientException e) {
      LOG.log(Level.WARNING, "event=kernel-resource-left kernel={0} reason={1}", name, sentence(e));
    }
  }

  /** The Pod goes with its resource. */
  @Override
  public boolean forgettingEnds() {
    return true;
  }

  @Override
  public List<KnownKernel> known() {
    List<KnownKernel> known = new ArrayList<>();
    for (JupyterKernel kernel : kernels.getStore().list()) {
      String kernelspec = kernel.getSpec().kernelSpec();
      Optional<KernelId> id = KernelResource.id(kernel);
      if (kernelspec == null || id.isEmpty()) {
        // One of kubeflow-launcher, which belongs to an Enterprise Gateway, or made by hand.
        LOG.log(Level.DEBUG, "event=kernel-not-ours kernel={0}", kernel.getMetadata().getName());
        continue;
      }
      KernelSpec spec = kernelspecs.all().get(kernelspec);
      known.add(
          new KnownKernel(
              id.get(),
              spec == null ? kernelspecs.deleted(kernelspec) : spec,
              Objects.requireNonNullElse(kernel.getSpec().user(), ""),
              Objects.requireNonNullElse(kernel.getSpec().env(), Map.of()),
              Instant.parse(kernel.getMetadata().getCreationTimestamp()),
              new ProcessRecord(KernelResource.run(kernel), 0),
              SleepOfResource.of(kernel),
              SleepOfResource.held(kernel)));
    }
    return known;
  }

  /** So that the kernels go with their gateway. */
  private Optional<OwnerReference> owner() {
    return gateway()
        .map(owner ->
            new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(false)
                .build());
  }

  private Optional<JupyterGateway> gateway() {
    return gateways.getStore().list().stream().findFirst();
  }

  static String sentence(KubernetesClientException e) {
    return e.getStatus() == null || e.getStatus().getMessage() == null
        ? String.valueOf(e.getMessage())
        : e.getStatus().getMessage();
  }

  @Override
  public void close() {
    writes.close();
    kernels.stop();
    gateways.stop();
  }
}
