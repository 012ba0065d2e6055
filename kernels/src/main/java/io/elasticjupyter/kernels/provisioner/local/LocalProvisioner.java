// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import io.elasticjupyter.kernels.KernelFailure;
import io.elasticjupyter.kernels.KernelFailure.ImageFailed;
import io.elasticjupyter.kernels.KernelFailure.LaunchFailed;
import io.elasticjupyter.kernels.hibernation.SleepRoom;
import io.elasticjupyter.kernels.hibernation.SnapshotKeys;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace;
import io.elasticjupyter.kernels.provisioner.ExitReport;
import io.elasticjupyter.kernels.provisioner.KernelProcess;
import io.elasticjupyter.kernels.provisioner.LaunchRequest;
import io.elasticjupyter.kernels.provisioner.ProcessImages;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import io.elasticjupyter.wire.connection.ConnectionException;
import io.elasticjupyter.wire.connection.ConnectionFile;
import io.elasticjupyter.wire.connection.ConnectionInfo;
import io.elasticjupyter.wire.connection.LocalPorts;
import io.elasticjupyter.wire.kernelspec.CommandLine;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts kernels as processes of this machine. They are in sessions of their own, write to files
 * and not to pipes, and are not told of the gateway as their parent: so they outlive it.
 */
public final class LocalProvisioner implements Provisioner {

  private static final System.Logger LOG = System.getLogger(LocalProvisioner.class.getName());
  private static final int SOCKETS_PER_KERNEL = 5;

  /** A start time is told by the system's clock, which is set now and then. */
  private static final long START_TOLERANCE_MILLIS = 2_000;

  private static final Executor SOON =
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

  private static final File NO_INPUT = new File("/dev/null");

  private final LocalSettings settings;
  private final LocalPorts ports;
  private final SecureRandom random;
  private final Function<SnapshotKeys, SnapshotPlace> place;
  private final Optional<SessionLauncher> sessions;
  private final Optional<Criu> criu;

  /** Kernels whose snapshots are kept in their folders. */
  public LocalProvisioner(LocalSettings settings, SecureRandom random) {
    this(settings, random, keys -> SnapshotPlace.inKernelFolder());
  }

  /**
   * @param place where snapshots are kept, for whoever has these keys
   */
  public LocalProvisioner(
      LocalSettings settings, SecureRandom random, Function<SnapshotKeys, SnapshotPlace> place) {
    this(settings, random, place, Optional.empty());
  }

  /** Kernels whose snapshots are kept in their folders, and their processes by that CRIU. */
  public static LocalProvisioner keepingProcesses(
      LocalSettings settings, SecureRandom random, String criu) {
    return new LocalProvisioner(
        settings, random, keys -> SnapshotPlace.inKernelFolder(), Optional.of(criu));
  }

  private LocalProvisioner(
      LocalSettings settings,
      SecureRandom random,
      Function<SnapshotKeys, SnapshotPlace> place,
      Optional<String> criu) {
    this.settings = settings;
    this.place = place;
    this.random = random;
    this.ports = LocalPorts.outsideEphemeralRange(random);
    this.sessions = SessionLauncher.find(searchPath(System.getenv()));
    this.criu = criu.flatMap(name -> Criu.find(name, searchPath(System.getenv()), sessions));
    if (sessions.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "event=no-session-launcher consequence=kernels-end-with-the-terminal"
              + " remedy=install-setsid-of-util-linux");
    }
  }

  @Override
  public KernelProcess launch(LaunchRequest request) throws KernelFailure {
    ConnectionInfo connection = chooseConnection(request);
    try {
      Path connectionFile = connectionFile(request.folder());
      ConnectionFile.write(connectionFile, connection);
      OutputFile output = outputFile(request.folder());
      Process process = start(request, connectionFile, output);
      ProcessHandle handle = process.toHandle();
      CompletableFuture<ExitReport> exited =
          process.onExit().thenApply(ended -> new ExitReport(OptionalInt.of(ended.exitValue())));
      LOG.log(
          Level.INFO,
          "event=kernel-launched kernel={0} spec={1} pid={2,number,#}",
          request.id(),
          request.spec().name(),
          process.pid());
      return processOf(handle, startMillis(handle), connection, output, exited);
    } catch (IOException e) {
      release(connection);
      throw new LaunchFailed("The kernel's files could not be written: " + e.getMessage());
    } catch (LaunchFailed e) {
      release(connection);
      throw e;
    } catch (IllegalArgumentException e) {
      // What no process can be given: a NUL in an argument, an equals sign in a variable's name.
      release(connection);
      throw new LaunchFailed(
          "The command or the environment of the kernelspec "
              + request.spec().name()
              + " cannot be given to a process: "
              + e.getMessage());
    }
  }

  private LocalProcess processOf(
      ProcessHandle handle,
      long startMillis,
      ConnectionInfo connection,
      OutputFile output,
      CompletableFuture<ExitReport> exited) {
    return new LocalProcess(
        handle,
        new ProcessRecord(handle.pid(), startMillis),
        connection,
        output,
        exited,
        () -> release(connection));
  }

  private ConnectionInfo chooseConnection(LaunchRequest request) throws LaunchFailed {
    String key = ConnectionInfo.newKey(random);
    try {
      return switch (settings.transport()) {
        case TCP ->
            ConnectionInfo.tcp(
                settings.ip(), ports.choose(settings.ip()), key, request.spec().name());
        case IPC -> {
          Files.createDirectories(
              settings.socketFolder(),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
          Path prefix = settings.socketFolder().resolve(request.id().value().substring(0, 13));
          yield ConnectionInfo.ipc(prefix, key, request.spec().name());
        }
      };
    } catch (ConnectionException e) {
      throw new LaunchFailed("No address for the kernel was found: " + e.getMessage());
    } catch (IOException e) {
      throw new LaunchFailed(
          "The folder for the kernel's sockets could not be made: " + e.getMessage());
    }
  }

  private Process start(LaunchRequest request, Path connectionFile, OutputFile output)
      throws LaunchFailed {
    Map<String, String> env = KernelEnvironment.of(request, settings.inheritedEnvironment());
    List<String> command =
        CommandLine.arguments(
            request.spec(),
            Map.of(
                CommandLine.CONNECTION_FILE, connectionFile.toString(),
                CommandLine.KERNEL_ID, request.id().value()),
            SpecEnvironment.of(request.spec()).or(settings::python));
    if (command.isEmpty()) {
      throw new LaunchFailed(
          "The kernelspec " + request.spec().name() + " names no command: its argv is empty.");
    }
    Path program =
        SessionLauncher.executable(command.getFirst(), searchPath(env))
            .orElseThrow(() -> commandMissing(request, command.getFirst()));
    List<String> resolved =
        IntStream.range(0, command.size())
            .mapToObj(i -> i == 0 ? program.toString() : command.get(i))
            .toList();
    ProcessBuilder builder =
        new ProcessBuilder(sessions.map(s -> s.inOwnSession(resolved)).orElse(resolved));
    builder.environment().clear();
    builder.environment().putAll(env);
    Path folder = request.workingDirectory().orElse(settings.workingDirectory());
    builder.directory(
        Files.isDirectory(folder) ? folder.toFile() : settings.workingDirectory().toFile());
    builder.redirectInput(NO_INPUT);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.path().toFile()));
    try {
      output.begin();
      return builder.start();
    } catch (IOException e) {
      throw new LaunchFailed(
          "The command of the kernelspec "
              + request.spec().name()
              + " could not be started: "
              + e.getMessage());
    }
  }

  private static LaunchFailed commandMissing(LaunchRequest request, String command) {
    return new LaunchFailed(
        "The command of the kernelspec "
            + request.spec().name()
            + " was not found: "
            + command
            + ". Install it, or correct argv in "
            + request.spec().directory().resolve("kernel.json")
            + ".");
  }

  @Override
  public Optional<KernelProcess> adopt(LaunchRequest request, @Nullable ProcessRecord record)
      throws KernelFailure {
    Path file = connectionFile(request.folder());
    Optional<ProcessHandle> handle =
        record == null
            ? findByConnectionFile(file)
            : ProcessHandle.of(record.pid())
                .filter(ProcessHandle::isAlive)
                .filter(found -> isSame(found, record, file));
    if (handle.isEmpty()) {
      return Optional.empty();
    }
    try {
      KernelProcess process = takeOver(request, handle.get());
      StoppedProcess.letRun(handle.get().pid());
      return Optional.of(process);
    } catch (IOException | ConnectionException e) {
      LOG.log(
          Level.WARNING,
          "event=adoption-failed kernel={0} action=killed reason={1}",
          request.id(),
          e.getMessage());
      Signals.toGroup(handle.get().pid(), Signals.SIGKILL);
      throw new LaunchFailed(
          "The file that says how the kernel is reached is damaged, so the kernel was ended and its"
              + " variables are gone. Restart it to go on.");
    }
  }

  private LocalProcess takeOver(LaunchRequest request, ProcessHandle handle)
      throws IOException, ConnectionException {
    ConnectionInfo connection = ConnectionFile.read(connectionFile(request.folder()));
    ports.keep(connection);
    CompletableFuture<ExitReport> exited =
        ended(handle).thenApply(ended -> new ExitReport(OptionalInt.empty()));
    return processOf(handle, startMillis(handle), connection, outputFile(request.folder()), exited);
  }

  /**
   * When that very process ends. Java waits once for each process id, and so may still be at the
   * one that had this id before it was brought back.
   */
  private static CompletableFuture<ProcessHandle> ended(ProcessHandle handle) {
    return handle
        .onExit()
        .thenComposeAsync(
            gone ->
                handle.isAlive() && !ProcFiles.isZombie(handle.pid())
                    ? ended(handle)
                    : CompletableFuture.completedFuture(gone),
            SOON);
  }

  @Override
  public Optional<ProcessImages> processImages(SnapshotKeys keys) {
    return criu.map(found -> new CriuImages(found, keys, this::broughtBack));
  }

  private KernelProcess broughtBack(LaunchRequest request, ProcessHandle handle)
      throws ImageFailed {
    try {
      return takeOver(request, handle);
    } catch (IOException | ConnectionException e) {
      Signals.Outcome _ = Signals.toGroup(handle.pid(), Signals.SIGKILL);
      throw new ImageFailed(
          "the file that says how its process is reached is damaged: " + e.getMessage());
    }
  }

  /**
   * A gateway that was killed right after a launch: the process is there, the note of it is not.
   */
  private static Optional<ProcessHandle> findByConnectionFile(Path file) {
    return ProcessHandle.allProcesses()
        .filter(ProcessHandle::isAlive)
        .filter(process -> isStartedWith(process, file))
        // Its children may have been forked from it, with its arguments.
        .filter(process -> process.parent().filter(p -> isStartedWith(p, file)).isEmpty())
        .findFirst();
  }

  /**
   * Another process may have the id by now. The path of the connection file is the kernel's own.
   */
  private static boolean isSame(ProcessHandle handle, ProcessRecord record, Path file) {
    return isStartedWith(handle, file)
        || Math.abs(startMillis(handle) - record.startMillis()) < START_TOLERANCE_MILLIS;
  }

  static boolean isStartedWith(ProcessHandle process, Path file) {
    String wanted = file.toString();
    return process
        .info()
        .arguments()
        .filter(arguments -> Stream.of(arguments).anyMatch(each -> each.contains(wanted)))
        .isPresent();
  }

  private static long startMillis(ProcessHandle handle) {
    return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private void release(ConnectionInfo connection) {
    switch (connection.transport()) {
      case TCP -> ports.release(connection);
      case IPC -> deleteSockets(connection);
    }
  }

  private static void deleteSockets(ConnectionInfo connection) {
    for (int i = 1; i <= SOCKETS_PER_KERNEL; i++) {
      try {
        Files.deleteIfExists(Path.of(connection.ip() + "-" + i));
      } catch (IOException e) {
        LOG.log(Level.WARNING, "event=socket-not-deleted reason={0}", e.getMessage());
      }
    }
  }

  @Override
  public Optional<SleepRoom> sleepRoom(Path stateDirectory) throws IOException {
    SnapshotKeys keys = SnapshotKeys.inDirectory(stateDirectory, random);
    return Optional.of(new SleepRoom(place.apply(keys), keys));
  }

  /** Keeps a kernel's output file from filling the disk. Called from a timer. */
  @Override
  public void keepHouse(Path folder) {
    outputFile(folder).limit(settings.maxOutputFileBytes());
  }

  static Path connectionFile(Path folder) {
    return folder.resolve("connection.json");
  }

  private static OutputFile outputFile(Path folder) {
    return new OutputFile(folder.resolve("output.txt"));
  }

  private static String searchPath(Map<String, String> env) {
    return env.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
  }
}
