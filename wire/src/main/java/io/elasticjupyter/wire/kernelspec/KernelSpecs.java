// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.kernelspec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * The kernelspecs of this machine, found as jupyter_client finds them: in each folder of a search
 * path the sub-folders that hold a kernel.json, named in lower case, first found wins. Live: files
 * and folders that come, change or go are seen at the next call, which otherwise reads nothing.
 *
 * <p>One that is broken is left out and warned of once per state of its file; it hides those of the
 * same name behind it, so that a mistake does not start another kernel than was meant. Safe for any
 * thread.
 */
public final class KernelSpecs {

  private static final System.Logger LOG = System.getLogger(KernelSpecs.class.getName());
  private static final Pattern NAME = Pattern.compile("[a-z0-9._\\-]+");
  private static final String NATIVE = "python3";

  private final List<Path> folders;
  private final Optional<PythonEnvironment> python;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Found> warned = new HashSet<>();

  private Map<String, Found> found = Map.of();
  private Map<String, KernelSpec> specs = Map.of();

  /** A kernelspec folder, with what tells whether its kernel.json is still the same. */
  private record Found(Path directory, Object fileKey, long modifiedNanos, long size) {}

  /**
   * @param folders to look in, the first has precedence; see {@link KernelSpecPath}
   * @param python if it has ipykernel, its kernel is offered under the native name where no
   *     kernelspec of that name is found
   */
  public KernelSpecs(List<Path> folders, Optional<PythonEnvironment> python) {
    this.folders = List.copyOf(folders);
    this.python = python;
  }

  /** Every usable kernelspec by name, in order of names. */
  public Map<String, KernelSpec> all() {
    lock.lock();
    try {
      Map<String, Found> now = look();
      if (!now.equals(found) || specs.isEmpty()) {
        specs = read(now);
        found = now;
      }
      return specs;
    } finally {
      lock.unlock();
    }
  }

  /** The kernelspec of that name, in whatever case it is written. */
  public Optional<KernelSpec> find(String name) {
    return Optional.ofNullable(all().get(name.toLowerCase(Locale.ROOT)));
  }

  /** The files that a client may show for this kernelspec; see {@link KernelSpecResources}. */
  public Optional<Path> resource(String name, String file) {
    return find(name).flatMap(spec -> KernelSpecResources.resolve(spec, file));
  }

  private Map<String, Found> look() {
    Map<String, Found> now = new TreeMap<>();
    for (Path folder : folders) {
      Map<String, Found> inFolder = new TreeMap<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        for (Path entry : entries) {
          look(entry).ifPresent(spec -> inFolder.put(name(entry), spec));
        }
      } catch (IOException _) {
        // No such folder, or not ours to read: most of a search path is not there.
        continue;
      }
      inFolder.forEach((name, spec) -> {
        if (NAME.matcher(name).matches()) {
          now.putIfAbsent(name, spec);
        } else {
          warnOnce(spec, "has a name with other characters than a-z 0-9 . _ -");
        }
      });
    }
    return now;
  }

  private static Optional<Found> look(Path directory) {
    try {
      BasicFileAttributes file =
          Files.readAttributes(
              directory.resolve(KernelSpecReader.FILE_NAME), BasicFileAttributes.class);
      if (!file.isRegularFile()) {
        return Optional.empty();
      }
      Object key = file.fileKey();
      return Optional.of(
          new Found(
              directory,
              key == null ? directory : key,
              file.lastModifiedTime().to(TimeUnit.NANOSECONDS),
              file.size()));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static String name(Path directory) {
    return directory.getFileName().toString().toLowerCase(Locale.ROOT);
  }

  private Map<String, KernelSpec> read(Map<String, Found> now) {
    Map<String, KernelSpec> read = new LinkedHashMap<>();
    now.forEach((name, spec) -> {
      KernelSpec known = specs.get(name);
      if (known != null && spec.equals(found.get(name))) {
        read.put(name, known);
        return;
      }
      try {
        read.put(name, KernelSpecReader.read(name, spec.directory()));
      } catch (KernelSpecException e) {
        warnOnce(spec, e.reason());
      }
    });
    if (!now.containsKey(NATIVE)) {
      python.flatMap(KernelSpecs::nativeSpec).ifPresent(spec -> read.put(NATIVE, spec));
    }
    return Collections.unmodifiableMap(new TreeMap<>(read));
  }

  /** What {@code ipykernel.kernelspec.get_kernel_dict} says. */
  private static Optional<KernelSpec> nativeSpec(PythonEnvironment python) {
    return python
        .ipykernelResources()
        .map(resources -> {
          ObjectNode document = JsonNodeFactory.instance.objectNode();
          document
              .putArray("argv")
              .add(python.interpreter().toString())
              .add("-m")
              .add("ipykernel_launcher")
              .add("-f")
              .add("{connection_file}");
          document.put("display_name", "Python 3 (ipykernel)").put("language", "python");
          document.putObject("metadata").put("debugger", true);
          try {
            return KernelSpecReader.of(NATIVE, resources, document);
          } catch (KernelSpecException e) {
            throw new IllegalStateException("our own kernelspec is complete", e);
          }
        });
  }

  private void warnOnce(Found spec, String why) {
    if (warned.add(spec)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "kernelspec=ignored directory={0} reason=\"{1}\"",
          spec.directory(),
          why);
    }
  }
}
