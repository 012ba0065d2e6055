// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.store;

import io.elasticjupyter.kernels.KernelId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state directory of one machine's kernels. It is the truth: what is not here does not come
 * back after a restart. A folder that cannot be read is set aside with a warning, never a failed
 * start.
 */
public final class KernelStore {

  private static final System.Logger LOG = System.getLogger(KernelStore.class.getName());

  private final Path kernels;
  private final Path damaged;
  private final Path copies;

  /**
   * @param stateDirectory the gateway's; made where it is missing
   */
  public KernelStore(Path stateDirectory) throws IOException {
    this.kernels = stateDirectory.resolve("kernels");
    this.damaged = stateDirectory.resolve("damaged");
    this.copies = stateDirectory.resolve("copies");
    Files.createDirectories(kernels, KernelFolder.OWNER_FOLDER);
    // Of an earlier run, and behind by now.
    new KernelFolder(copies).delete();
    Files.createDirectories(copies, KernelFolder.OWNER_FOLDER);
  }

  /** A kernel's folder, which may not exist yet. */
  public KernelFolder folder(KernelId id) {
    return new KernelFolder(kernels.resolve(id.value()));
  }

  /** Where the copy of another gateway's kernel is while that one has it. */
  public KernelFolder copy(KernelId id) {
    return new KernelFolder(copies.resolve(id.value()));
  }

  /** Makes the copy of another gateway's kernel this gateway's kernel; what was there goes. */
  public Found takeOver(KernelId id) throws IOException {
    folder(id).delete();
    Files.move(copy(id).path(), folder(id).path(), StandardCopyOption.ATOMIC_MOVE);
    return read(folder(id));
  }

  /** A kernel that an earlier run left; empty where it left none of that id. */
  public Optional<Found> find(KernelId id) throws IOException {
    return Files.exists(folder(id).path()) ? Optional.of(read(folder(id))) : Optional.empty();
  }

  /** A kernel that an earlier run left. */
  public record Found(KernelFolder folder, KernelRecord record) {}

  /** The kernels that an earlier run left, oldest first. */
  public List<Found> load() throws IOException {
    List<Path> folders;
    try (Stream<Path> listing = Files.list(kernels)) {
      folders = listing.filter(Files::isDirectory).sorted().toList();
    }
    List<Found> found = new ArrayList<>();
    for (Path path : folders) {
      KernelFolder folder = new KernelFolder(path);
      try {
        found.add(read(folder));
      } catch (IOException | RuntimeException e) {
        setAside(path, e);
      }
    }
    found.sort(Comparator.comparing(one -> one.record().startedAt()));
    return found;
  }

  private static Found read(KernelFolder folder) throws IOException {
    KernelRecord record = folder.readKernel();
    if (!record.id().equals(String.valueOf(folder.path().getFileName()))) {
      throw new IOException("kernel.json is of another kernel: " + record.id());
    }
    return new Found(folder, record);
  }

  /** Puts away a kernel that was found and cannot be taken over. */
  public void setAside(Found found, Exception reason) throws IOException {
    setAside(found.folder().path(), reason);
  }

  /** Whether there is a kernel of that id that was put away, and may be put back by hand. */
  public boolean isSetAside(KernelId id) {
    try (Stream<Path> folders = Files.isDirectory(damaged) ? Files.list(damaged) : Stream.empty()) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .anyMatch(name -> name.equals(id.value()) || name.startsWith(id.value() + "."));
    } catch (IOException | UncheckedIOException e) {
      // Who asks removes what is not known.
      LOG.log(
          Level.WARNING, "event=set-aside-not-read folder={0} reason={1}", damaged, e.toString());
      return true;
    }
  }

  private void setAside(Path path, Exception reason) throws IOException {
    Files.createDirectories(damaged, KernelFolder.OWNER_FOLDER);
    Path target = damaged.resolve(path.getFileName());
    for (int i = 1; Files.exists(target); i++) {
      target = damaged.resolve(path.getFileName() + "." + i);
    }
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    LOG.log(
        Level.WARNING,
        "event=kernel-state-damaged folder={0} set-aside={1} reason={2}",
        path.getFileName(),
        target,
        reason.toString());
  }
}
