// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace;
import io.elasticjupyter.kernels.objects.ListedObject;
import io.elasticjupyter.kernels.objects.ObjectStore;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An object store as the place of snapshots: {@code PREFIX/GATEWAY/KERNEL/} and below it the
 * objects as in a folder. Their bytes go between kernel and store; the gateway gives links, and
 * looks whether everything arrived. Safe for any thread.
 */
public final class ObjectVault implements SnapshotPlace {

  private static final System.Logger LOG = System.getLogger(ObjectVault.class.getName());

  /** So long nobody's objects are left, in case a kernel is known again that was set aside. */
  private static final Duration GRACE = Duration.ofDays(1);

  private final ObjectStore store;
  private final String root;
  private final VaultDoor door;
  private final Optional<String> localFolder;
  private final SnapshotPlace files;
  private final InstantSource clock;

  /** What each kernel's objects take, as they were listed last. */
  private final Map<String, Long> sizes = new ConcurrentHashMap<>();

  /**
   * @param store closed by whoever made it
   * @param owner this gateway's own name in the store, the same in its every run
   * @param door where kernels ask for links
   * @param localFolder where a kernel fetches its snapshot to; empty for a temporary folder
   * @param files where the one file is kept that a language without the helper saves its session to
   */
  public ObjectVault(
      ObjectStore store,
      String owner,
      VaultDoor door,
      Optional<String> localFolder,
      SnapshotPlace files,
      InstantSource clock) {
    this.store = store;
    this.root = store.prefix() + owner + "/";
    this.door = door;
    this.localFolder = localFolder;
    this.files = files;
    this.clock = clock;
  }

  @Override
  public Access open(Use use, Path folder, long maxBytes, ObjectNode request) {
    int generation = request.path("generation").asInt();
    long most = Math.addExact(maxBytes, SnapshotVault.ROOM_FOR_THE_REST);
    localFolder.ifPresent(local -> request.put("local", local));
    ObjectNode description =
        request.putObject("store").put("kind", "links").put("origin", store.origin().toString());
    String token =
        door.open(new LinkGrant(store, rootOf(folder), generation, use, most), description);
    return new Access() {
      @Override
      public void end() {
        door.grants().close(token);
      }

      @Override
      public HelperAnswer checked(HelperAnswer answer) {
        return answer instanceof HelperAnswer.Saved saved
            ? ObjectVault.this.checked(rootOf(folder), generation, saved)
            : answer;
      }
    };
  }

  /** That file is sealed by the gateway, which has to read it. */
  @Override
  public FileAccess openFile(Use use, Path folder, int generation, long maxBytes)
      throws IOException {
    return files.openFile(use, folder, generation, maxBytes);
  }

  @Override
  public long bytes(Path folder) {
    String kernel = rootOf(folder);
    Long listed = sizes.get(kernel);
    if (listed == null) {
      try {
        listed = sum(listed(kernel));
      } catch (IOException e) {
        LOG.log(
            Level.WARNING,
            "event=snapshots-not-counted kernel={0} reason={1}",
            folder.getFileName(),
            e.getMessage());
        listed = 0L;
      }
    }
    return listed + files.bytes(folder);
  }

  private List<ListedObject> listed(String kernel) throws IOException {
    List<ListedObject> objects = store.list(kernel);
    sizes.put(kernel, sum(objects));
    return objects;
  }

  private static long sum(List<ListedObject> objects) {
    return objects.stream().mapToLong(ListedObject::size).sum();
  }

  /** Whether all that the manifest names is in the store, and the manifest is the helper's. */
  private HelperAnswer checked(String kernel, int generation, HelperAnswer.Saved saved) {
    try {
      Optional<String> trouble = trouble(kernel, generation, saved.digest());
      return trouble
          .<HelperAnswer>map(what ->
              new HelperAnswer.Failed(
                  "store", "The object store has not got what the kernel saved: " + what + "."))
          .orElse(saved);
    } catch (IOException e) {
      return new HelperAnswer.Failed(
          "store", "Whether the snapshot is in the store cannot be told: " + e.getMessage());
    }
  }

  private Optional<String> trouble(String kernel, int generation, String digest)
      throws IOException {
    String folder = SnapshotObjects.folder(generation) + "/";
    Optional<byte[]> manifest =
        store.read(kernel + folder + SnapshotObjects.MANIFEST, SnapshotObjects.LARGEST_MANIFEST);
    if (manifest.isEmpty()) {
      return Optional.of("there is no manifest");
    }
    Map<String, Long> found =
        listed(kernel).stream()
            .collect(
                Collectors.toMap(
                    each -> each.key().substring(kernel.length()), ListedObject::size));
    return SnapshotObjects.lacking(generation, manifest.get(), digest, found);
  }

  @Override
  public void keepOnly(Path folder, Collection<Integer> generations) {
    files.keepOnly(folder, generations);
    String kernel = rootOf(folder);
    try {
      Set<String> folders =
          generations.stream().map(SnapshotObjects::folder).collect(Collectors.toSet());
      Set<String> blobs = new HashSet<>();
      for (String each : folders) {
        Optional<byte[]> manifest =
            store.read(
                kernel + each + "/" + SnapshotObjects.MANIFEST, SnapshotObjects.LARGEST_MANIFEST);
        if (manifest.isPresent()) {
          blobs.addAll(SnapshotObjects.named(manifest.get()).blobs());
        }
      }
      List<String> unwanted = new ArrayList<>();
      long kept = 0;
      for (ListedObject each : store.list(kernel)) {
        if (isKept(each.key().substring(kernel.length()), folders, blobs)) {
          kept += each.size();
        } else {
          unwanted.add(each.key());
        }
      }
      store.delete(unwanted);
      sizes.put(kernel, kept);
    } catch (IOException e) {
      left(folder.getFileName().toString(), e);
    }
  }

  private static boolean isKept(String name, Set<String> folders, Set<String> blobs) {
    return name.startsWith(SnapshotObjects.BLOBS)
        ? blobs.contains(name.substring(SnapshotObjects.BLOBS.length()))
        : folders.contains(name.substring(0, Math.max(0, name.indexOf('/'))));
  }

  @Override
  public void forget(Path folder) {
    try {
      sizes.remove(rootOf(folder));
      store.delete(store.list(rootOf(folder)).stream().map(ListedObject::key).toList());
    } catch (IOException e) {
      left(folder.getFileName().toString(), e);
    }
  }

  @Override
  public void sweep(Predicate<String> isKnown) {
    Instant old = clock.instant().minus(GRACE);
    try {
      // Listed before anybody is asked which kernels there are: who has objects here was known.
      Map<String, List<ListedObject>> byKernel =
          store.list(root).stream()
              .filter(each -> each.key().indexOf('/', root.length()) > 0)
              .collect(Collectors.groupingBy(this::kernelOf));
      List<String> nobodys = new ArrayList<>();
      byKernel.forEach((kernel, objects) -> {
        if (!isKnown.test(kernel)
            && objects.stream().allMatch(each -> each.modifiedAt().isBefore(old))) {
          objects.forEach(each -> nobodys.add(each.key()));
        }
      });
      store.delete(nobodys);
      LOG.log(
          Level.INFO,
          "event=snapshots-swept kernels={0,number,#} deleted={1,number,#}",
          byKernel.size(),
          nobodys.size());
    } catch (IOException e) {
      left("of-nobody", e);
    }
  }

  private String kernelOf(ListedObject object) {
    return object.key().substring(root.length(), object.key().indexOf('/', root.length()));
  }

  private static void left(String whose, IOException e) {
    LOG.log(Level.WARNING, "event=old-snapshots-left kernel={0} reason={1}", whose, e.getMessage());
  }

  private String rootOf(Path folder) {
    return root + folder.getFileName() + "/";
  }
}
