// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What Linux tells of a process in {@code /proc} (proc(5)). */
final class ProcFiles {

  private static final String ESTABLISHED = "01";
  private static final int KIB = 1024;

  private ProcFiles() {}

  /** How many bytes of memory it has that no file has as well, roughly what its image takes. */
  static long residentBytes(long pid) throws IOException {
    return field(pid, "VmRSS:") * KIB;
  }

  /** Whether somebody holds it with ptrace, as CRIU does while it writes it to files. */
  static boolean isTraced(long pid) throws IOException {
    return field(pid, "TracerPid:") != 0;
  }

  private static long field(long pid, String name) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()).strip().split("\\s+", 2)[0])
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(0);
    }
  }

  /** Whether it has ended, and its parent has not taken that in yet. */
  static boolean isZombie(long pid) {
    try {
      return state(pid) == 'Z';
    } catch (IOException goneOrNotLinux) {
      return false;
    }
  }

  /** The letter for what it does: {@code T} is stopped, {@code Z} has ended. */
  static char state(long pid) throws IOException {
    // As bytes: a process may call itself what it likes. The state follows the last bracket.
    String stat =
        Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
    int name = stat.lastIndexOf(')');
    if (name < 0 || name + 2 >= stat.length()) {
      throw new IOException("no state in " + stat);
    }
    return stat.charAt(name + 2);
  }

  /**
   * The far ends of its TCP connections, but for those at the ports by which it is reached: from
   * the gateway, and from itself, as ipykernel does, which ZeroMQ makes again.
   */
  static List<String> connections(long pid, Set<Integer> ownPorts) throws IOException {
    Set<String> sockets = sockets(pid);
    List<String> found = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      Path file = Path.of("/proc", Long.toString(pid), "net", table);
      if (!Files.exists(file)) {
        continue;
      }
      for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
        String[] fields = line.strip().split("\\s+", 12);
        if (fields.length > 9
            && fields[3].equals(ESTABLISHED)
            && sockets.contains("socket:[" + fields[9] + "]")
            && !ownPorts.contains(port(fields[1]))
            && !(isSameHost(fields[1], fields[2]) && ownPorts.contains(port(fields[2])))) {
          found.add(address(fields[2]));
        }
      }
    }
    return found;
  }

  private static Set<String> sockets(long pid) throws IOException {
    Set<String> targets = new HashSet<>();
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        try {
          targets.add(Files.readSymbolicLink(file).toString());
        } catch (NoSuchFileException closed) {
          // Meanwhile.
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return targets;
  }

  private static boolean isSameHost(String one, String other) {
    return one.substring(0, one.indexOf(':')).equals(other.substring(0, other.indexOf(':')));
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
  }

  /** Of the table's form: words of the machine's byte order, which is little-endian here. */
  private static String address(String address) throws UnknownHostException {
    byte[] bytes = HexFormat.of().parseHex(address, 0, address.indexOf(':'));
    byte[] ordered = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      ordered[i] = bytes[i - i % 4 + 3 - i % 4];
    }
    return InetAddress.getByAddress(ordered).getHostAddress() + ":" + port(address);
  }
}
