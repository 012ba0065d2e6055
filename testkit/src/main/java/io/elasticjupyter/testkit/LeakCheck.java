// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Fails a test that leaves a thread or a socket of this process behind. Begins where it is made and
 * looks when it is closed; what is about to end gets ten seconds for it. Virtual threads cannot be
 * listed, but the sockets that they read from are seen (on Linux, where /proc lists them).
 */
public final class LeakCheck implements AutoCloseable {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  // Threads that the JDK starts once and keeps: carriers of virtual threads, their timers, reapers.
  private static final Set<String> OF_THE_JDK =
      Set.of(
          "ForkJoinPool",
          "VirtualThread",
          "Read-Poller",
          "Write-Poller",
          "MasterPoller",
          "process reaper",
          "Common-Cleaner",
          "Cleaner-",
          "Keep-Alive-Timer",
          "CompletableFutureDelayScheduler",
          "DelayScheduler",
          "Attach Listener",
          // JUnit's own, from the first test with a time limit on.
          "junit-jupiter-timeout-watcher");

  static {
    // From the first channel on the JDK keeps a socket of its own: have it before the first look.
    try {
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final Set<Thread> threads = threads();
  private final Set<String> sockets = sockets();

  @Override
  public void close() {
    Awaitility.await("threads and sockets left behind")
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> {
          Set<Thread> newThreads = threads();
          newThreads.removeAll(threads);
          Set<String> newSockets = sockets();
          newSockets.removeAll(sockets);
          if (!newThreads.isEmpty() || !newSockets.isEmpty()) {
            throw new AssertionError(
                "left behind: threads " + newThreads + ", sockets " + newSockets);
          }
        });
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .filter(thread -> OF_THE_JDK.stream().noneMatch(thread.getName()::startsWith))
        // Awaitility runs the check itself on such a thread.
        .filter(thread -> !thread.getName().startsWith("awaitility"))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Set<String> sockets() {
    Set<String> sockets = new HashSet<>();
    if (!Files.isDirectory(DESCRIPTORS)) {
      return sockets;
    }
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path descriptor : descriptors) {
        try {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith("socket:")) {
            sockets.add(target);
          }
        } catch (NoSuchFileException e) {
          // Closed between the listing and the look: not a leak.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sockets;
  }
}
