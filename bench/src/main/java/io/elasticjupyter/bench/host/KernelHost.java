// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Reads "pid connection-file" lines from a named pipe and plays each of these kernels, until its
 * standard input ends; then it ends the launchers that are left.
 */
public final class KernelHost {
  private static final Logger LOG = System.getLogger(KernelHost.class.getName());

  private final Queue<ProcessHandle> launchers = new ConcurrentLinkedQueue<>();

  private KernelHost() {}

  /**
   * Plays kernels until standard input ends.
   *
   * @param arguments the path of the named pipe
   */
  public static void main(String[] arguments) throws IOException {
    KernelHost host = new KernelHost();
    Thread.ofPlatform().daemon().name("launchers").start(() -> host.accept(Path.of(arguments[0])));
    while (System.in.read() >= 0) {
      // The benchmark holds the other end open for as long as it wants the kernels.
    }
    host.launchers.forEach(ProcessHandle::destroyForcibly);
  }

  private void accept(Path pipe) {
    // Opened for writing as well, so that it does not end when the last launcher has written.
    try (RandomAccessFile file = new RandomAccessFile(pipe.toFile(), "rw");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Channels.newInputStream(file.getChannel()), UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        int space = line.indexOf(' ');
        ProcessHandle launcher = ProcessHandle.of(Long.parseLong(line, 0, space, 10)).orElse(null);
        if (launcher != null) {
          launchers.add(launcher);
          play(Path.of(line.substring(space + 1)), launcher);
        }
        line = lines.readLine();
      }
    } catch (IOException failure) {
      LOG.log(Level.ERROR, "event=host_failed", failure);
    }
  }

  /**
   * A kernel that cannot bind its ports ends, as a real one does, and its gateway may try again.
   */
  private static void play(Path connectionFile, ProcessHandle launcher) {
    try {
      HostedKernel.start(ConnectionFile.read(connectionFile), launcher);
    } catch (IOException failure) {
      LOG.log(Level.WARNING, "event=kernel_failed", failure);
      launcher.destroy();
    }
  }
}
