// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.kernels.accounting.Use;
import io.elasticjupyter.kernels.hibernation.SnapshotKeys;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import io.elasticjupyter.kernels.provisioner.local.LocalProvisioner;
import io.elasticjupyter.kernels.provisioner.local.LocalSettings;
import io.elasticjupyter.testkit.KernelSpecFolder;
import io.elasticjupyter.wire.connection.Transport;
import io.elasticjupyter.wire.kernelspec.KernelSpec;
import io.elasticjupyter.wire.kernelspec.KernelSpecs;
import io.elasticjupyter.wire.message.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Kernels in a folder of the test, ended with it. */
final class KernelsUnderTest implements AutoCloseable {

  final Path folder;
  final KernelSpecFolder specs;
  final Map<String, AtomicInteger> dropped = new ConcurrentHashMap<>();
  final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
  private Transport transport = Transport.TCP;
  private final UnaryOperator<Provisioner> around;
  private final Function<SnapshotKeys, SnapshotPlace> place;
  private final Optional<Path> criu;
  private InstantSource clock = InstantSource.system();
  private LiveKernels kernels;

  KernelsUnderTest(Path folder, KernelSettings settings) throws IOException {
    this(folder, settings, UnaryOperator.identity());
  }

  /**
   * @param around changes what runs the kernels
   */
  KernelsUnderTest(Path folder, KernelSettings settings, UnaryOperator<Provisioner> around)
      throws IOException {
    this(folder, settings, around, keys -> SnapshotPlace.inKernelFolder(), Optional.empty());
  }

  /** Kernels whose snapshots are kept elsewhere. */
  static KernelsUnderTest keepingIn(
      Path folder, KernelSettings settings, Function<SnapshotKeys, SnapshotPlace> place)
      throws IOException {
    return new KernelsUnderTest(
        folder, settings, UnaryOperator.identity(), place, Optional.empty());
  }

  /** Kernels whose whole processes are kept while they sleep, by that CRIU. */
  static KernelsUnderTest keepingProcesses(Path folder, KernelSettings settings, Path criu)
      throws IOException {
    return new KernelsUnderTest(
        folder,
        settings,
        UnaryOperator.identity(),
        keys -> SnapshotPlace.inKernelFolder(),
        Optional.of(criu));
  }

  private KernelsUnderTest(
      Path folder,
      KernelSettings settings,
      UnaryOperator<Provisioner> around,
      Function<SnapshotKeys, SnapshotPlace> place,
      Optional<Path> criu)
      throws IOException {
    this.around = around;
    this.criu = criu;
    this.place = place;
    this.folder = folder;
    this.specs = KernelSpecFolder.in(folder.resolve("specs"));
    this.kernels = open(settings);
  }

  private LiveKernels open(KernelSettings settings) throws IOException {
    LocalSettings local =
        new LocalSettings(
            transport,
            "127.0.0.1",
            folder.resolve("s"),
            Optional.empty(),
            folder,
            Map.of("PATH", System.getenv("PATH"), "HOME", folder.toString()),
            1 << 20);
    return LiveKernels.open(
        folder.resolve("state"),
        around.apply(provisioner(local)),
        settings,
        new CountingMonitor(dropped, refused),
        clock);
  }

  private Provisioner provisioner(LocalSettings local) {
    return criu.isPresent()
        ? LocalProvisioner.keepingProcesses(local, new SecureRandom(), criu.get().toString())
        : new LocalProvisioner(local, new SecureRandom(), place);
  }

  LiveKernels kernels() {
    return kernels;
  }

  /** Stops this gateway as a SIGTERM would, and opens the next on the same state directory. */
  void reopen(KernelSettings settings) throws Exception {
    kernels.close();
    kernels = open(settings);
  }

  /** The time of gateways that are opened from now on. */
  void useClock(InstantSource other) {
    clock = other;
  }

  /** What happens while no gateway runs. */
  @FunctionalInterface
  interface Meanwhile {
    void run() throws Exception;
  }

  /** The same, and something happens between the two. */
  void reopen(KernelSettings settings, Meanwhile meanwhile) throws Exception {
    kernels.close();
    meanwhile.run();
    kernels = open(settings);
  }

  /** The same, with kernels on another transport from now on. */
  void reopen(KernelSettings settings, Transport other) throws Exception {
    transport = other;
    reopen(settings);
  }

  Kernel start(String spec) throws KernelFailure {
    return start(spec, Map.of());
  }

  Kernel start(String spec, Map<String, String> env) throws KernelFailure {
    return kernels.start(new StartRequest(Optional.empty(), spec(spec), "", env, Optional.empty()));
  }

  KernelSpec spec(String name) {
    return new KernelSpecs(List.of(specs.path()), Optional.empty()).find(name).orElseThrow();
  }

  @Override
  public void close() throws Exception {
    kernels.stopKernels();
    kernels.close();
  }

  private record CountingMonitor(
      Map<String, AtomicInteger> dropped, Map<String, AtomicInteger> refused)
      implements KernelMonitor {

    @Override
    public void dropped(Channel channel, String code) {
      dropped.computeIfAbsent(code, every -> new AtomicInteger()).incrementAndGet();
    }

    @Override
    public void started(String spec, Duration after) {}

    @Override
    public void crashed(String spec, boolean restarted) {}

    @Override
    public void culled(String spec) {}

    @Override
    public void hibernated(String spec, Duration after, long bytes) {}

    @Override
    public void woken(String spec, Duration after) {}

    @Override
    public void kept(SnapshotUsage.Totals totals) {}

    @Override
    public void snapshotRefused(String limit) {
      refused.computeIfAbsent(limit, every -> new AtomicInteger()).incrementAndGet();
    }

    @Override
    public void snapshotRemoved() {}

    @Override
    public void held(Use use, Duration time) {}

    @Override
    public void toKernel(Channel channel) {}

    @Override
    public void fromKernel(Channel channel) {}

    @Override
    public void missed(long messages) {}
  }
}
