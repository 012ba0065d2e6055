// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.api.certificate.ServerIdentity;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Access;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Use;
import io.elasticjupyter.testkit.ManualClock;
import io.elasticjupyter.testkit.ProjectRoot;
import io.elasticjupyter.testkit.PythonEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The helper's own client, by Python and OpenSSL, at the gateway's port. */
class TransferTlsIT {

  private static final String PUT =
      """
      import json, sys
      sys.path.insert(0, sys.argv[1])
      from elastic_snapshot import http_objects, store
      from elastic_snapshot.failure import SnapshotFailure
      http_objects.PAUSES = (0.01,)
      request = json.load(sys.stdin)
      into = store.opened(request["store"], seconds=20)
      try:
          into.begin(1)
          into.put("pack", [b"bytes"])
          into.commit()
          print("stored")
      except SnapshotFailure as failure:
          print(failure.code, failure.message)
      """;

  private final SecureRandom random = new SecureRandom();
  private final Instant now = Instant.now();
  private final ManualClock clock = new ManualClock(now);
  private final Grants grants = new Grants(random);

  @TempDir Path folder;
  private Path file;
  private VaultTls tls;
  private SnapshotServer server;

  @BeforeEach
  void start() throws IOException {
    file = folder.resolve("snapshots.pem");
    write(identity("localhost", now.plus(Duration.ofDays(1))));
    tls = new VaultTls(file, clock);
    server = SnapshotServer.start(new InetSocketAddress(0), grants, tls);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ServerIdentity identity(String name, Instant until) {
    return ServerIdentity.fresh(List.of(name), until.minus(Duration.ofDays(9)), until, random);
  }

  private void write(ServerIdentity identity) throws IOException {
    Files.writeString(file, identity.pem());
  }

  /** What a helper is told for one call, at some port. */
  private ObjectNode call(int port) {
    URI url = URI.create("https://localhost:%d/snapshots".formatted(port));
    SnapshotVault vault = new SnapshotVault(new VaultDoor(url, grants, Optional.of(tls)), "/none");
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    Access _ = vault.open(Use.SAVE, folder.resolve("kernel"), 1_000, request);
    return request;
  }

  private static String put(ObjectNode request) throws Exception {
    Process process =
        new ProcessBuilder(
                PythonEnvironment.get().python().toString(),
                "-c",
                PUT,
                ProjectRoot.path().resolve("kernels/src/main/python").toString())
            .redirectErrorStream(true)
            .start();
    try (var in = process.getOutputStream()) {
      in.write(request.toString().getBytes(UTF_8));
    }
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    process.waitFor();
    return printed;
  }

  @Test
  void theHelperTrustsTheCertificateThatItIsTold() throws Exception {
    ObjectNode request = call(server.port());

    assertThat(put(request)).isEqualTo("stored");
    assertThat(folder.resolve("kernel/snapshots/gen-000001/pack")).hasContent("bytes");
    assertThat(request.toString()).doesNotContain("PRIVATE KEY");
  }

  @Test
  void whoeverIsNotThisGatewayIsSentNothing() throws Exception {
    Path anothers = folder.resolve("another.pem");
    Files.writeString(anothers, identity("localhost", now.plus(Duration.ofDays(1))).pem());
    try (Eavesdropper between = new Eavesdropper(server.port());
        SnapshotServer another =
            SnapshotServer.start(new InetSocketAddress(0), grants, new VaultTls(anothers, clock))) {
      ObjectNode request = call(another.port());
      assertThat(put(request)).startsWith("store").contains("CERTIFICATE_VERIFY_FAILED");
      assertThat(folder.resolve("kernel")).doesNotExist();

      // One in between who only passes on what is said learns nothing of it.
      ObjectNode tapped = call(between.port());
      assertThat(put(tapped)).isEqualTo("stored");
      assertThat(between.heard())
          .hasSizeGreaterThan(500)
          .doesNotContain(tapped.at("/store/token").asText(), "Bearer", "snapshots/gen-000001");
    }
  }

  @Test
  void aCertificateOfAnotherNameOrOneThatEndedIsRefused() throws Exception {
    write(identity("elsewhere", now.plus(Duration.ofDays(1))));
    assertThat(put(call(server.port()))).startsWith("store").containsIgnoringCase("localhost");

    write(identity("localhost", now.minusSeconds(5)));
    assertThat(put(call(server.port()))).startsWith("store").contains("expired");
    assertThat(folder.resolve("kernel")).doesNotExist();
  }

  @Test
  void aRenewedCertificateIsServedAndToldFromTheNextCallOn() throws Exception {
    ObjectNode before = call(server.port());
    write(identity("localhost", now.plus(Duration.ofDays(2))));
    assertThat(put(before)).as("until then the one before").isEqualTo("stored");

    ObjectNode after = call(server.port());
    assertThat(after.at("/store/authority")).isNotEqualTo(before.at("/store/authority"));
    assertThat(put(after)).isEqualTo("stored");
  }

  @Test
  void aFileThatCannotBeReadForAMomentChangesNothing() throws Exception {
    Files.writeString(file, "half wri");
    assertThat(put(call(server.port()))).isEqualTo("stored");
    Files.delete(file);
    assertThat(put(call(server.port()))).isEqualTo("stored");
  }

  @Test
  void plainHttpIsNotAnsweredAndNotSpoken() throws Exception {
    ObjectNode request = call(server.port());
    String token = request.at("/store/token").asText();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write(
              "GET /snapshots/gen-000001/pack HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                  .formatted(token)
                  .getBytes(US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .doesNotContain("HTTP/");
    }

    try (Eavesdropper plain = new Eavesdropper(0)) {
      assertThat(put(call(plain.port()))).startsWith("store");
      assertThat(plain.heard()).isNotEmpty().doesNotContain("Bearer");
    }
  }

  /** Passes on what it hears to a port, or to nobody, and remembers what the client said. */
  private static final class Eavesdropper implements AutoCloseable {

    private final ServerSocket listening;
    private final int to;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    Eavesdropper(int to) throws IOException {
      this.to = to;
      this.listening = new ServerSocket(0, 10, InetAddress.getByName("localhost"));
      Thread.ofVirtual().start(this::listen);
    }

    int port() {
      return listening.getLocalPort();
    }

    String heard() {
      return heard.toString(US_ASCII);
    }

    private void listen() {
      while (!listening.isClosed()) {
        try {
          Socket client = listening.accept();
          Thread.ofVirtual().start(() -> serve(client));
        } catch (IOException closed) {
          return;
        }
      }
    }

    private void serve(Socket client) {
      try (client) {
        if (to == 0) {
          heard.write(client.getInputStream().readNBytes(100));
          client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
          return;
        }
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), to)) {
          Thread back = Thread.ofVirtual().start(() -> pass(server, client));
          byte[] buffer = new byte[4096];
          for (int count = client.getInputStream().read(buffer);
              count >= 0;
              count = client.getInputStream().read(buffer)) {
            heard.write(buffer, 0, count);
            server.getOutputStream().write(buffer, 0, count);
          }
          server.shutdownOutput();
          back.join();
        }
      } catch (IOException e) {
        heard.writeBytes(e.toString().getBytes(UTF_8));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void pass(Socket from, Socket to) {
      try {
        from.getInputStream().transferTo(to.getOutputStream());
        to.shutdownOutput();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }
}
