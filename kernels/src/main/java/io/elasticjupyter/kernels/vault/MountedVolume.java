// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A volume as the place of snapshots that kernels mount as well, each its own folder of it. The
 * helper saves there and maps from there as on one machine; the gateway looks whether everything is
 * there, and removes what is old. Safe for any thread.
 */
public final class MountedVolume implements SnapshotPlace {

  private static final System.Logger LOG = System.getLogger(MountedVolume.class.getName());

  /** So long nobody's folder is left, in case a kernel is known again that was set aside. */
  private static final Duration GRACE = Duration.ofDays(1);

  /** For owner and group, and what is made in it is the group's. */
  private static final int SHARED_FOLDER = 02770;

  /**
   * How the volume is used.
   *
   * @param folder this gateway's own in it; below it each kernel's
   * @param mountedAt where a kernel has its own
   * @param group by which both write, a number; negative to leave it as it comes
   * @param maps whether kernels map from there, or read everything when they wake
   */
  public record Settings(Path folder, String mountedAt, int group, boolean maps) {}

  private final Settings settings;
  private final SnapshotPlace files;
  private final InstantSource clock;

  /**
   * @param files where the one file is kept that a language without the helper saves its session to
   */
  public MountedVolume(Settings settings, SnapshotPlace files, InstantSource clock) {
    this.settings = settings;
    this.files = files;
    this.clock = clock;
  }

  private Path pathOf(Path kernel) {
    return settings.folder().resolve(kernel.getFileName());
  }

  private VolumeFolder of(Path kernel) {
    return new VolumeFolder(pathOf(kernel));
  }

  /** Its folder is there before its Pod, for which it would be made as root's. */
  @Override
  public void prepare(Path folder) throws IOException {
    Files.createDirectories(settings.folder());
    Path own = pathOf(folder);
    if (!Files.isDirectory(own)) {
      Files.createDirectory(own);
    }
    if (settings.group() >= 0) {
      Files.setAttribute(own, "unix:gid", settings.group());
    }
    Files.setAttribute(own, "unix:mode", SHARED_FOLDER);
  }

  @Override
  public Access open(Use use, Path folder, long maxBytes, ObjectNode request) {
    int generation = request.path("generation").asInt();
    request
        .putObject("store")
        .put("kind", "directory")
        .put("path", settings.mountedAt())
        .put("shared", true)
        .put("map", settings.maps());
    return new Access() {
      @Override
      public void end() {}

      @Override
      public HelperAnswer checked(HelperAnswer answer) {
        return answer instanceof HelperAnswer.Saved saved
            ? MountedVolume.this.checked(folder, generation, saved)
            : answer;
      }
    };
  }

  /** Whether all that the manifest names is in the volume, and the manifest is the helper's. */
  private HelperAnswer checked(Path kernel, int generation, HelperAnswer.Saved saved) {
    try {
      Optional<byte[]> manifest = manifest(kernel, SnapshotObjects.folder(generation));
      Optional<String> trouble =
          manifest.isEmpty()
              ? Optional.of("there is no manifest")
              : SnapshotObjects.lacking(
                  generation, manifest.get(), saved.digest(), of(kernel).sizes());
      return trouble
          .<HelperAnswer>map(what ->
              new HelperAnswer.Failed(
                  "store",
                  "The gateway does not find on the volume what the kernel saved: " + what + "."))
          .orElse(saved);
    } catch (IOException e) {
      return new HelperAnswer.Failed(
          "store", "Whether the snapshot is on the volume cannot be told: " + e);
    }
  }

  private Optional<byte[]> manifest(Path kernel, String generation) throws IOException {
    return of(kernel)
        .read(generation + "/" + SnapshotObjects.MANIFEST, SnapshotObjects.LARGEST_MANIFEST);
  }

  /** That file is sealed by the gateway, and the kernel's folder is not the gateway's own. */
  @Override
  public FileAccess openFile(Use use, Path folder, int generation, long maxBytes)
      throws IOException {
    return files.openFile(use, folder, generation, maxBytes);
  }

  @Override
  public void keepOnly(Path folder, Collection<Integer> generations) {
    files.keepOnly(folder, generations);
    try {
      Set<String> kept =
          generations.stream().map(SnapshotObjects::folder).collect(Collectors.toSet());
      Set<String> blobs = new HashSet<>();
      for (String each : kept) {
        Optional<byte[]> manifest = manifest(folder, each);
        if (manifest.isPresent()) {
          blobs.addAll(SnapshotObjects.named(manifest.get()).blobs());
        }
      }
      of(folder).keepOnly(name -> isKept(name, kept, blobs));
    } catch (IOException e) {
      left(folder, e);
    }
  }

  private static boolean isKept(String name, Set<String> generations, Set<String> blobs) {
    if (name.startsWith(SnapshotObjects.BLOBS)) {
      return blobs.contains(name.substring(SnapshotObjects.BLOBS.length()));
    }
    int slash = name.indexOf('/');
    return slash < 0
        ? generations.contains(name) || SnapshotObjects.BLOBS.equals(name + "/")
        : SnapshotObjects.isName(name);
  }

  @Override
  public long bytes(Path folder) {
    long listed;
    try {
      listed = of(folder).bytes();
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "event=snapshots-not-counted kernel={0} reason={1}",
          folder.getFileName(),
          e.toString());
      listed = 0;
    }
    return listed + files.bytes(folder);
  }

  @Override
  public void forget(Path folder) {
    try {
      of(folder).delete();
    } catch (IOException e) {
      left(folder, e);
    }
  }

  @Override
  public void sweep(Predicate<String> isKnown) {
    Instant old = clock.instant().minus(GRACE);
    // Listed before anybody is asked which kernels there are: who has a folder here was known.
    try (DirectoryStream<Path> kernels = Files.newDirectoryStream(settings.folder())) {
      Map<Path, Instant> changed = new HashMap<>();
      for (Path each : kernels) {
        changed.put(each, Files.getLastModifiedTime(each).toInstant());
      }
      int deleted = 0;
      for (Map.Entry<Path, Instant> each : changed.entrySet()) {
        Path kernel = each.getKey();
        if (each.getValue().isBefore(old) && !isKnown.test(kernel.getFileName().toString())) {
          forget(kernel);
          deleted++;
        }
      }
      LOG.log(
          Level.INFO,
          "event=snapshots-swept kernels={0,number,#} deleted={1,number,#}",
          changed.size(),
          deleted);
    } catch (NoSuchFileException nothingYet) {
      LOG.log(Level.DEBUG, "event=snapshots-swept kernels=0");
    } catch (IOException e) {
      left(settings.folder(), e);
    }
  }

  private static void left(Path whose, IOException e) {
    LOG.log(
        Level.WARNING,
        "event=old-snapshots-left kernel={0} reason={1}",
        whose.getFileName(),
        e.toString());
  }
}
