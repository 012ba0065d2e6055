// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.KnownKernel;
import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import io.elasticjupyter.kernels.provisioner.local.LocalProvisioner;
import io.elasticjupyter.kernels.provisioner.local.LocalSettings;
import io.elasticjupyter.kernels.replicas.Claims;
import io.elasticjupyter.kernels.replicas.Peers;
import io.elasticjupyter.kernels.replicas.Replica;
import io.elasticjupyter.kernels.replicas.ReplicaSet;
import io.elasticjupyter.kernels.replicas.Replicas;
import io.elasticjupyter.kernels.store.KernelCopy;
import io.elasticjupyter.testkit.KernelSpecFolder;
import io.elasticjupyter.wire.connection.Transport;
import io.elasticjupyter.wire.kernelspec.KernelSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Several gateways in one process, each with a state directory of its own, for the kernels of one
 * machine. What they know of each other is in memory here, so that a test can cut it.
 */
final class ReplicasUnderTest implements AutoCloseable {

  final KernelSpecFolder specs;
  private final Path folder;
  private final LocalProvisioner machine;
  private final Map<String, Node> nodes = new ConcurrentHashMap<>();
  private final Map<KernelId, String> claims = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Map<KernelId, String>> late = new AtomicReference<>();
  private final Map<KernelId, KnownKernel> known = new ConcurrentHashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  ReplicasUnderTest(Path folder) throws IOException {
    this.folder = folder;
    this.specs = KernelSpecFolder.in(folder.resolve("specs"));
    this.machine =
        new LocalProvisioner(
            new LocalSettings(
                Transport.TCP,
                "127.0.0.1",
                folder.resolve("s"),
                Optional.empty(),
                folder,
                Map.of("PATH", System.getenv("PATH"), "HOME", folder.toString()),
                1 << 20),
            new SecureRandom());
  }

  /** One more gateway. */
  Node join(String name) throws Exception {
    Node node = new Node(name);
    nodes.put(name, node);
    changed();
    node.open();
    return node;
  }

  /** From now on a gateway that looks sees what was noted until now, as a watch is late. */
  void delayNews() {
    late.set(Map.copyOf(claims));
  }

  private void changed() {
    listeners.forEach(Runnable::run);
  }

  final class Node implements Replicas, Peers {

    private final String name;
    private volatile boolean leaving;
    private volatile boolean dead;
    private final AtomicInteger lapses = new AtomicInteger();
    private @Nullable LiveKernels kernels;

    private Node(String name) {
      this.name = name;
    }

    private void open() throws Exception {
      kernels =
          LiveKernels.open(
              folder.resolve("state-" + name),
              new OneMachine(this),
              KernelSettings.defaults(),
              KernelMonitor.none(),
              InstantSource.system(),
              new ReplicaSet(this, new Notes(), this));
    }

    LiveKernels kernels() {
      if (kernels == null) {
        throw new IllegalStateException("not open yet");
      }
      return kernels;
    }

    Kernel start(String spec) throws KernelFailure {
      return kernels()
          .start(
              new StartRequest(
                  Optional.empty(),
                  new KernelSpecs(List.of(specs.path()), Optional.empty()).find(spec).orElseThrow(),
                  "",
                  Map.of(),
                  Optional.empty()));
    }

    /** The others take it for dead, and it hears nothing of them. */
    void cut() {
      dead = true;
      int _ = lapses.incrementAndGet();
      changed();
    }

    /** It hears of the others again. */
    void mend() {
      dead = false;
      changed();
    }

    @Override
    public Replica self() {
      return new Replica(name, "1", name, leaving);
    }

    @Override
    public List<Replica> live() {
      return nodes.values().stream()
          .filter(node -> node == this || (!node.dead && !dead))
          .map(Node::self)
          .sorted(Comparator.comparing(Replica::name))
          .toList();
    }

    @Override
    public boolean mayDecide() {
      return !dead;
    }

    @Override
    public int lapses() {
      return lapses.get();
    }

    @Override
    public void onChange(Runnable changed) {
      listeners.add(changed);
    }

    @Override
    public void leave() {
      leaving = true;
      changed();
    }

    @Override
    public Answer give(Replica to, KernelId kernel, KernelCopy piece) throws IOException {
      return reached(to)
          .kernels()
          .territory()
          .orElseThrow()
          .given(self().id(), kernel, KernelCopy.read(piece.bytes()));
    }

    @Override
    public void drop(Replica at, KernelId kernel) throws IOException {
      reached(at).kernels().territory().orElseThrow().dropped(kernel);
    }

    private Node reached(Replica other) throws IOException {
      Node node = nodes.get(other.name());
      if (dead || node == null || node.dead || node.kernels == null) {
        throw new IOException(other.name() + " does not answer");
      }
      return node;
    }
  }

  private final class Notes implements Claims {

    @Override
    public Map<KernelId, String> all() {
      Map<KernelId, String> then = late.get();
      return then == null ? Map.copyOf(claims) : then;
    }

    @Override
    public boolean take(KernelId kernel, String from, String to) {
      boolean taken = claims.replace(kernel, from, to);
      changed();
      return taken;
    }

    @Override
    public Optional<String> ask(KernelId kernel) {
      return Optional.ofNullable(claims.get(kernel));
    }

    @Override
    public void onChange(Consumer<KernelId> changed) {
      listeners.add(() -> claims.keySet().forEach(changed));
    }
  }

  /** What runs the kernels is one, as a cluster is; what each gateway notes is its own. */
  private final class OneMachine implements Provisioner {

    private final Node node;

    OneMachine(Node node) {
      this.node = node;
    }

    private LaunchRequest onMachine(LaunchRequest request) {
      Path own = folder.resolve("machine").resolve(request.id().value());
      try {
        Files.createDirectories(own);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      return new LaunchRequest(
          request.id(), request.spec(), request.env(), request.workingDirectory(), own);
    }

    @Override
    public KernelProcess launch(LaunchRequest request) throws KernelFailure {
      if (!claims.getOrDefault(request.id(), node.self().id()).equals(node.self().id())) {
        throw new KernelFailure.LaunchFailed("The kernel is another gateway's.");
      }
      KernelProcess process = machine.launch(onMachine(request));
      known.put(
          request.id(),
          new KnownKernel(
              request.id(),
              request.spec(),
              "",
              request.env(),
              InstantSource.system().instant(),
              process.record(),
              Optional.empty(),
              HeldTime.NOTHING));
      claims.putIfAbsent(request.id(), node.self().id());
      return process;
    }

    @Override
    public Optional<KernelProcess> adopt(LaunchRequest request, @Nullable ProcessRecord record)
        throws KernelFailure {
      return machine.adopt(onMachine(request), record);
    }

    @Override
    public List<KnownKernel> known() {
      return List.copyOf(known.values());
    }

    @Override
    public void forget(LaunchRequest request) {
      claims.remove(request.id());
      known.remove(request.id());
    }
  }

  @Override
  public void close() throws Exception {
    for (Node node : nodes.values()) {
      if (!node.dead) {
        node.kernels().stopKernels();
      }
    }
    for (Node node : nodes.values()) {
      node.kernels().close();
    }
  }
}
