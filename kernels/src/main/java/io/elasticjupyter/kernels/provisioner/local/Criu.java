// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import io.elasticjupyter.kernels.KernelFailure.ImageFailed;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program CRIU (criu.org), which writes a process to files and makes it again from them. It is
 * called as its own program, in a session of its own, since it must come to its end also where the
 * gateway does not: a process that is left in the middle of it is not whole.
 */
final class Criu {

  private static final System.Logger LOG = System.getLogger(Criu.class.getName());

  private static final Duration CHECK = Duration.ofSeconds(20);
  private static final int LONGEST_REASON = 300;

  /** A file that was deleted and is still open goes into the image up to this size. */
  private static final String LARGEST_DELETED_FILE = "64M";

  /** Images are made with the mode that is asked for, less this. */
  private static final List<String> OWNER_ONLY =
      List.of("sh", "-c", "umask 077; exec \"$@\"", "sh");

  private static final File NOTHING = new File("/dev/null");

  private final Path program;
  private final List<String> rights;
  private final SessionLauncher sessions;

  private Criu(Path program, boolean root, SessionLauncher sessions) {
    this.program = program;
    // With CAP_CHECKPOINT_RESTORE alone it does most, and must be told that this is meant.
    this.rights = root ? List.of() : List.of("--unprivileged");
    this.sessions = sessions;
  }

  /**
   * Looks whether it is there and finds what it needs of this machine.
   *
   * @param name a path, or a name to look for in PATH
   * @return empty where it cannot be used; why is logged
   */
  static Optional<Criu> find(String name, String searchPath, Optional<SessionLauncher> sessions) {
    Optional<Path> program = SessionLauncher.executable(name, searchPath);
    if (program.isEmpty() || sessions.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "event=no-process-images reason={0}-not-found consequence=variables-only",
          program.isEmpty() ? name : "setsid");
      return Optional.empty();
    }
    Criu criu = new Criu(program.get(), isRoot(), sessions.get());
    try {
      Path log = Files.createTempFile("criu-check", ".log");
      try {
        criu.run(List.of("check"), log.toFile(), CHECK);
      } finally {
        Files.deleteIfExists(log);
      }
      LOG.log(Level.INFO, "event=process-images program={0}", program.get());
      return Optional.of(criu);
    } catch (ImageFailed | IOException e) {
      LOG.log(
          Level.WARNING,
          "event=no-process-images program={0} consequence=variables-only reason={1}",
          program.get(),
          e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private static boolean isRoot() {
    try {
      return Files.getOwner(Path.of("/proc/self")).getName().equals("root");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Writes a process to a folder and leaves it stopped. Its TCP connections are not kept: the other
   * end of one would wait for hours, or be gone.
   */
  void dump(long pid, Path folder, Duration timeout) throws ImageFailed, InterruptedException {
    try {
      run(
          List.of(
              "dump",
              "--tree",
              Long.toString(pid),
              "--leave-stopped",
              "--tcp-close",
              "--skip-in-flight",
              "--file-locks",
              "--ghost-limit",
              LARGEST_DELETED_FILE,
              "--images-dir",
              folder.toString(),
              "--log-file",
              "dump.log"),
          NOTHING,
          timeout);
    } catch (ImageFailed e) {
      throw new ImageFailed(withLog(e, folder.resolve("dump.log")), e.harmed());
    }
  }

  /** Makes the process of a folder again, under its id, and lets it run. Its parent is not ours. */
  void restore(Path folder, Duration timeout) throws ImageFailed, InterruptedException {
    try {
      run(
          List.of(
              "restore",
              "--restore-detached",
              "--tcp-close",
              "--file-locks",
              "--images-dir",
              folder.toString(),
              "--log-file",
              "restore.log"),
          NOTHING,
          timeout);
    } catch (ImageFailed e) {
      throw new ImageFailed(withLog(e, folder.resolve("restore.log")));
    }
  }

  private void run(List<String> arguments, File output, Duration timeout)
      throws ImageFailed, InterruptedException {
    List<String> command = new ArrayList<>(OWNER_ONLY);
    command.add(program.toString());
    command.addAll(arguments);
    command.addAll(rights);
    ProcessBuilder builder = new ProcessBuilder(sessions.inOwnSession(command));
    builder.redirectInput(NOTHING);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.to(output));
    try {
      Process process = builder.start();
      if (!isOver(process, timeout)) {
        process.destroyForcibly();
        throw new ImageFailed(
            "criu %s took longer than %d seconds."
                .formatted(arguments.getFirst(), timeout.toSeconds()),
            true);
      }
      if (process.exitValue() != 0) {
        String said = output.equals(NOTHING) ? "" : ": " + firstError(output.toPath());
        throw new ImageFailed(
            "criu %s ended with exit code %d%s"
                .formatted(arguments.getFirst(), process.exitValue(), said));
      }
    } catch (IOException e) {
      throw new ImageFailed("criu could not be started: " + e.getMessage());
    }
  }

  /** Whoever is interrupted waits all the same: what is half done is of no use to anybody. */
  private static boolean isOver(Process process, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean interrupted = false;
    boolean over = false;
    long left = timeout.toNanos();
    while (!over && left > 0) {
      try {
        over = process.waitFor(left, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = deadline - System.nanoTime();
    }
    if (interrupted) {
      throw new InterruptedException();
    }
    return over;
  }

  private static String withLog(ImageFailed failed, Path log) {
    String said = firstError(log);
    return said.isEmpty() ? String.valueOf(failed.getMessage()) : failed.getMessage() + ": " + said;
  }

  /** What the others follow from. That it cannot have more files open itself is none. */
  private static String firstError(Path log) {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      String reason =
          lines
              .filter(line -> line.contains("Error (") && !line.contains("RLIMIT_NOFILE"))
              .map(line -> line.substring(line.indexOf("Error (")))
              .findFirst()
              .orElse("");
      return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    } catch (IOException e) {
      return "its log could not be read: " + e.getMessage();
    }
  }
}
