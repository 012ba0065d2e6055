// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import io.elasticjupyter.kernels.KernelFailure.ImageFailed;
import io.elasticjupyter.kernels.hibernation.Sizes;
import io.elasticjupyter.kernels.hibernation.SnapshotFolder;
import io.elasticjupyter.kernels.hibernation.SnapshotKeys;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.elasticjupyter.kernels.provisioner.ProcessImages;
import io.elasticjupyter.wire.connection.ConnectionInfo;
import io.elasticjupyter.wire.connection.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Images of kernels' processes by CRIU, beside their variables in their own folder. */
final class CriuImages implements ProcessImages {

  private static final System.Logger LOG = System.getLogger(CriuImages.class.getName());

  /** Until the parent of a process that ended has taken that in, and its id is free. */
  private static final Duration UNTIL_FREE = Duration.ofSeconds(5);

  private static final Duration POLL = Duration.ofMillis(10);

  private final Criu criu;
  private final SnapshotKeys keys;
  private final Found found;

  /** Takes over a process of a kernel that was not launched by this run of the gateway. */
  interface Found {
    KernelProcess process(LaunchRequest request, ProcessHandle handle) throws ImageFailed;
  }

  CriuImages(Criu criu, SnapshotKeys keys, Found found) {
    this.criu = criu;
    this.keys = keys;
    this.found = found;
  }

  @Override
  public Taken take(
      LaunchRequest request, KernelProcess process, int generation, long maxBytes, Duration timeout)
      throws ImageFailed, InterruptedException {
    long pid = process.record().pid();
    Path folder = folder(request, generation);
    boolean whole = false;
    try {
      objections(pid, maxBytes);
      List<String> cut = ProcFiles.connections(pid, ports(process.connection()));
      delete(folder);
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      criu.dump(pid, folder, timeout);
      OpenFileSizes.forget(folder);
      long bytes = bytes(folder);
      if (bytes > maxBytes) {
        throw tooLarge(bytes, maxBytes);
      }
      new ImageSeal(pid, request.spec().name(), ImageSeal.bootNow(), ImageSeal.digests(folder))
          .write(folder, keys.ofImage(request.id(), generation));
      whole = true;
      return new Taken(bytes, cut);
    } catch (IOException e) {
      throw new ImageFailed("Its image could not be written: " + e.getMessage());
    } finally {
      if (!whole) {
        remove(request, generation);
        process.resume();
      }
    }
  }

  private static void objections(long pid, long maxBytes) throws ImageFailed, IOException {
    // A child's image would have to be its whole family's, whose ids may be taken by then.
    Optional<ProcessHandle> child =
        ProcessHandle.of(pid).flatMap(handle -> handle.children().findAny());
    if (child.isPresent()) {
      throw new ImageFailed("It has processes of its own.");
    }
    long resident = ProcFiles.residentBytes(pid);
    if (resident > maxBytes) {
      throw tooLarge(resident, maxBytes);
    }
  }

  private static ImageFailed tooLarge(long bytes, long maxBytes) {
    return new ImageFailed(
        "Its image takes %s beside its variables, and %s are left for it."
            .formatted(Sizes.words(bytes), Sizes.words(maxBytes)));
  }

  private static Set<Integer> ports(ConnectionInfo info) {
    return info.transport() == Transport.TCP
        ? Set.of(
            info.shellPort(), info.iopubPort(), info.stdinPort(), info.controlPort(), info.hbPort())
        : Set.of();
  }

  @Override
  public boolean has(LaunchRequest request, int generation) {
    return Files.exists(folder(request, generation).resolve(ImageSeal.NAME));
  }

  @Override
  public KernelProcess bringBack(LaunchRequest request, int generation, Duration timeout)
      throws ImageFailed, InterruptedException {
    Path folder = folder(request, generation);
    ImageSeal seal = ImageSeal.read(folder, keys.ofImage(request.id(), generation));
    check(request, seal);
    seal.check(folder);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    awaitFree(seal.pid());
    try {
      criu.restore(folder, timeout);
    } catch (ImageFailed | InterruptedException e) {
      endLeftOver(request, seal.pid());
      throw e;
    }
    ProcessHandle handle =
        ProcessHandle.of(seal.pid())
            .filter(ProcessHandle::isAlive)
            .orElseThrow(() -> new ImageFailed("its process ended at once."));
    LOG.log(
        Level.INFO,
        "event=process-brought-back kernel={0} generation={1} pid={2,number,#}",
        request.id(),
        generation,
        seal.pid());
    return found.process(request, handle);
  }

  private static void check(LaunchRequest request, ImageSeal seal) throws ImageFailed {
    try {
      if (!seal.boot().equals(ImageSeal.bootNow())) {
        throw new ImageFailed("the machine was restarted since, or is another one.");
      }
    } catch (IOException e) {
      throw new ImageFailed("the machine's run is not known: " + e.getMessage());
    }
    if (!seal.kernelspec().equals(request.spec().name())) {
      throw new ImageFailed("its process is of the kernelspec " + seal.kernelspec() + ".");
    }
  }

  private static void awaitFree(long pid) throws ImageFailed, InterruptedException {
    Semaphore pause = new Semaphore(0);
    long deadline = System.nanoTime() + UNTIL_FREE.toNanos();
    while (ProcessHandle.of(pid).isPresent()) {
      if (!ProcFiles.isZombie(pid) || System.nanoTime() > deadline) {
        throw new ImageFailed("the id of its process (%d) was given to another.".formatted(pid));
      }
      boolean _ = pause.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Where it is half there, or nobody waits for it any more. The id may be another's by now. */
  private static void endLeftOver(LaunchRequest request, long pid) {
    Path file = LocalProvisioner.connectionFile(request.folder());
    ProcessHandle.of(pid)
        .filter(handle -> LocalProvisioner.isStartedWith(handle, file))
        .ifPresent(handle -> {
          boolean ended = handle.destroyForcibly();
          LOG.log(Level.WARNING, "event=half-a-process pid={0,number,#} ended={1}", pid, ended);
        });
  }

  @Override
  public void remove(LaunchRequest request, int generation) {
    try {
      delete(folder(request, generation));
    } catch (IOException | UncheckedIOException e) {
      LOG.log(
          Level.WARNING,
          "event=process-image-left kernel={0} generation={1} reason={2}",
          request.id(),
          generation,
          e.toString());
    }
  }

  private static Path folder(LaunchRequest request, int generation) {
    return SnapshotFolder.of(request.folder()).processImage(generation);
  }

  private static long bytes(Path folder) throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        sum += Files.size(file);
      }
    }
    return sum;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path each : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(each);
      }
    } catch (NoSuchFileException none) {
      // Nothing to delete.
    }
  }
}
