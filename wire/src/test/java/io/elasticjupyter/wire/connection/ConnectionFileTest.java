// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.RandomJson;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.zmtp.ZmtpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionFileTest {

  private static final ConnectionInfo INFO =
      ConnectionInfo.tcp(
          "127.0.0.1", new LocalPorts.Chosen(1001, 1002, 1003, 1004, 1005), "schlüssel", "python3");

  @TempDir private Path directory;

  @Test
  void readsWhatItWrote() throws IOException, ConnectionException {
    Path file = directory.resolve("kernel.json");
    ConnectionFile.write(file, INFO);
    assertThat(ConnectionFile.read(file)).isEqualTo(INFO);
    ConnectionInfo ipc = ConnectionInfo.ipc(directory.resolve("socket"), "", "");
    ConnectionFile.write(file, ipc);
    assertThat(ConnectionFile.read(file)).isEqualTo(ipc);
  }

  @Test
  void onlyTheOwnerMayReadIt() throws IOException {
    Path runtime = directory.resolve("made/runtime");
    Path file = runtime.resolve("kernel.json");
    ConnectionFile.write(file, INFO);
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(permissions(runtime)).isEqualTo("rwx------");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    ConnectionFile.write(file, INFO);
    assertThat(permissions(file)).isEqualTo("rw-------");
  }

  @Test
  void leavesNothingElseBehindEvenWhereItFails() throws IOException {
    Path occupied = directory.resolve("kernel.json");
    Files.createDirectories(occupied.resolve("something"));
    assertThatThrownBy(() -> ConnectionFile.write(occupied, INFO)).isInstanceOf(IOException.class);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(occupied);
    }
  }

  @Test
  void theKeyIsInTheFileAndNowhereElse() throws IOException {
    Path file = directory.resolve("kernel.json");
    ConnectionFile.write(file, INFO);
    assertThat(Files.readString(file)).contains("schlüssel");
    assertThat(INFO.toString()).doesNotContain("schlüssel").contains("127.0.0.1");
    Files.writeString(file, "{\"key\": \"schlüssel\" oops");
    assertThatThrownBy(() -> ConnectionFile.read(file))
        .isInstanceOf(ConnectionException.InvalidFile.class)
        .hasMessageNotContaining("schlüssel");
  }

  @Test
  void fillsInWhatOldWritersLeftOut() throws IOException, ConnectionException {
    ConnectionInfo info =
        read(
            "{\"ip\": \"10.0.0.1\", \"shell_port\": 1, \"iopub_port\": 2, \"stdin_port\": 3,"
                + " \"control_port\": 4, \"hb_port\": 5, \"jupyter_session\": \"/a.ipynb\"}");
    assertThat(info.transport()).isEqualTo(Transport.TCP);
    assertThat(info.key()).isEmpty();
    assertThat(info.signatureScheme()).isEqualTo("hmac-sha256");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | is no JSON object",
        "[] | is no JSON object",
        "{ | is not JSON",
        "{} | has no text in its field ip",
        "{\"ip\": 5} | has no text in its field ip",
        "{\"transport\": \"inproc\"} | names an unknown transport",
        "{\"ip\": \"a\", \"shell_port\": \"1\"} | has no port in its field shell_port",
        "{\"ip\": \"a\", \"shell_port\": 0} | has no port in its field shell_port",
        "{\"ip\": \"a\", \"shell_port\": 65536} | has no port in its field shell_port",
        "{\"ip\": \"a\", \"shell_port\": 1.5} | has no port in its field shell_port",
        "{\"curve_publickey\": \"k\"} | asks for CurveZMQ encryption"
      })
  void saysWhatIsWrong(String json, String why) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(
            ConnectionException.class,
            e -> assertThat(e.code()).isEqualTo("invalid-connection-file"))
        .hasMessageContaining(why);
  }

  @Test
  void aHugeFileIsNotRead() throws IOException {
    Path file = directory.resolve("kernel.json");
    Files.write(file, new byte[1_000_000]);
    assertThatThrownBy(() -> ConnectionFile.read(file)).hasMessageContaining("is larger than");
  }

  @Test
  void anyDamagedFileIsReadOrRefused() throws IOException {
    Path file = directory.resolve("kernel.json");
    ConnectionFile.write(file, INFO);
    byte[] whole = Files.readAllBytes(file);
    SeededRandom.check(
        300,
        random -> {
          Files.write(file, new RandomJson(random).damaged(whole));
          try {
            assertThat(ConnectionFile.read(file).shellPort()).isBetween(1, 65535);
          } catch (ConnectionException e) {
            assertThat(e.code()).isEqualTo("invalid-connection-file");
          }
        });
  }

  @Test
  void givesEachChannelItsAddress() throws ConnectionException {
    assertThat(INFO.addressOf(Channel.SHELL)).isEqualTo(new ZmtpAddress.Tcp("127.0.0.1", 1001));
    assertThat(INFO.addressOf(Channel.IOPUB)).isEqualTo(new ZmtpAddress.Tcp("127.0.0.1", 1002));
    assertThat(INFO.addressOf(Channel.STDIN)).isEqualTo(new ZmtpAddress.Tcp("127.0.0.1", 1003));
    assertThat(INFO.addressOf(Channel.CONTROL)).isEqualTo(new ZmtpAddress.Tcp("127.0.0.1", 1004));
    assertThat(INFO.heartbeatAddress()).isEqualTo(new ZmtpAddress.Tcp("127.0.0.1", 1005));
    ConnectionInfo ipc = ConnectionInfo.ipc(Path.of("/run/k"), "", "");
    assertThat(List.of(Channel.values()).stream().map(ipc::addressOf))
        .containsExactlyInAnyOrder(
            new ZmtpAddress.Ipc(Path.of("/run/k-1")),
            new ZmtpAddress.Ipc(Path.of("/run/k-2")),
            new ZmtpAddress.Ipc(Path.of("/run/k-3")),
            new ZmtpAddress.Ipc(Path.of("/run/k-4")));
    assertThat(ipc.heartbeatAddress()).isEqualTo(new ZmtpAddress.Ipc(Path.of("/run/k-5")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "0.0.0.0"})
  void aKernelOnAllAddressesIsReachedByLoopback(String ip) {
    ConnectionInfo info = ConnectionInfo.tcp(ip, new LocalPorts.Chosen(1, 2, 3, 4, 5), "", "");
    assertThat(info.addressOf(Channel.SHELL)).isEqualTo(new ZmtpAddress.Tcp("127.0.0.1", 1));
  }

  @Test
  void aSocketPathThatNoSystemHasIsRefused() {
    Path longest = Path.of("/" + "a".repeat(100));
    assertThat(longest.toString() + "-5").hasSize(103);
    assertThat(ipcPath(longest)).isTrue();
    assertThat(ipcPath(Path.of(longest + "a"))).isFalse();
  }

  @Test
  void keysAreFreshAndSign() throws MessageException {
    SecureRandom random = new SecureRandom();
    String key = ConnectionInfo.newKey(random);
    assertThat(key).matches("[0-9a-f]{64}").isNotEqualTo(ConnectionInfo.newKey(random));
    assertThat(
            INFO.signer()
                .verify(
                    new byte[0],
                    List.of(key.getBytes(UTF_8), new byte[0], new byte[0], new byte[0])))
        .isFalse();
  }

  private static boolean ipcPath(Path prefix) {
    try {
      return ConnectionInfo.ipc(prefix, "", "").hbPort() == 5;
    } catch (ConnectionException e) {
      assertThat(e.code()).isEqualTo("ipc-path-too-long");
      return false;
    }
  }

  private ConnectionInfo read(String json) throws IOException, ConnectionException {
    return ConnectionFile.read(Files.writeString(directory.resolve("kernel.json"), json));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
