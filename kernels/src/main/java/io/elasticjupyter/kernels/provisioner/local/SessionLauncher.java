// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts a command into a session and process group of its own, so that Ctrl-C at the gateway's
 * terminal and the terminal's end do not reach it, and it can be signalled with all that it
 * started. Java cannot do that by itself; what it uses keeps the process id, since it only calls
 * {@code setsid} and {@code exec}.
 */
final class SessionLauncher {

  private static final String PERL_SETSID =
      "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV; die \"$ARGV[0]: $!\\n\"";

  private final List<String> prefix;

  private SessionLauncher(List<String> prefix) {
    this.prefix = prefix;
  }

  /**
   * Looks for {@code setsid} (util-linux, every Linux) or {@code perl} (macOS).
   *
   * @param searchPath the PATH to look in
   * @return empty where there is neither
   */
  static Optional<SessionLauncher> find(String searchPath) {
    Optional<Path> setsid = executable("setsid", searchPath);
    if (setsid.isPresent()) {
      return Optional.of(new SessionLauncher(List.of(setsid.get().toString())));
    }
    return executable("perl", searchPath)
        .map(perl -> new SessionLauncher(List.of(perl.toString(), "-e", PERL_SETSID)));
  }

  /** The program of that name on the path, or the name itself where it is a path. */
  static Optional<Path> executable(String name, String searchPath) {
    if (name.contains("/")) {
      Path path = Path.of(name);
      return isExecutable(path) ? Optional.of(path) : Optional.empty();
    }
    for (String folder : searchPath.split(":", -1)) {
      Path path = Path.of(folder.isEmpty() ? "." : folder, name);
      if (isExecutable(path)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  private static boolean isExecutable(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }

  List<String> inOwnSession(List<String> command) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(command);
    return all;
  }
}
