// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Access;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Use;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels put and get their snapshots over real sockets. */
class SnapshotServerIT {

  private static final String BLOB = "blobs/" + "a".repeat(64) + "-5";
  private static final String SESSION = "gen-000001/session";
  private static final long MOST = 1_000;

  @TempDir Path folder;
  private final Grants grants = new Grants(new SecureRandom());
  private final SnapshotVault vault =
      new SnapshotVault(
          VaultDoor.onLoopback(URI.create("http://gateway:1/snapshots"), grants), "/local");
  private final HttpClient client = HttpClient.newHttpClient();
  private SnapshotServer server;

  @BeforeEach
  void start() throws IOException {
    server = SnapshotServer.start(new InetSocketAddress(0), grants);
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  /** A call to a helper: what it is told, and its right to the vault. */
  private record Call(ObjectNode request, Access access) {

    String token() {
      return request.at("/store/token").asText();
    }
  }

  private Call call(Use use) {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    return new Call(request, vault.open(use, folder, MOST, request));
  }

  private HttpResponse<String> send(String method, Call call, String name, String body)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/snapshots/%s".formatted(server.port(), name)))
            .header("Authorization", "Bearer " + call.token())
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private Path file(String name) {
    return folder.resolve("snapshots").resolve(name);
  }

  @Test
  void whatIsPutIsThereForTheNextCall() throws Exception {
    assertThat(send("PUT", call(Use.SAVE), BLOB, "bytes").statusCode()).isEqualTo(204);

    Call restore = call(Use.RESTORE);
    assertThat(send("GET", restore, BLOB, "").body()).isEqualTo("bytes");
    HttpResponse<String> head = send("HEAD", restore, BLOB, "");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(5);
    assertThat(Files.getPosixFilePermissions(file(BLOB)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void theHelperIsToldWhereAndHow() {
    Call save = call(Use.SAVE);

    assertThat(save.request().path("local").asText()).isEqualTo("/local");
    assertThat(save.request().at("/store/kind").asText()).isEqualTo("http");
    assertThat(save.request().at("/store/url").asText()).isEqualTo("http://gateway:1/snapshots");
    assertThat(save.token()).hasSizeGreaterThan(40);
  }

  @Test
  void aTokenIsGoodForOneCall() throws Exception {
    Call save = call(Use.SAVE);
    save.access().end();

    assertThat(send("PUT", save, BLOB, "bytes").statusCode()).isEqualTo(401);
    assertThat(file(BLOB)).doesNotExist();
  }

  @Test
  void whoRestoresWritesNothing() throws Exception {
    HttpResponse<String> answer = send("PUT", call(Use.RESTORE), BLOB, "bytes");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("restoring");
    assertThat(file(BLOB)).doesNotExist();
  }

  @Test
  void aTokenIsGoodForOneFolder(@TempDir Path other) throws Exception {
    Call save = call(Use.SAVE);
    assertThat(send("PUT", save, BLOB, "bytes").statusCode()).isEqualTo(204);

    ObjectNode request = JsonNodeFactory.instance.objectNode();
    Call neighbour = new Call(request, vault.open(Use.RESTORE, other, MOST, request));
    assertThat(send("GET", neighbour, BLOB, "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../kernel.json",
        "gen-000001/../../kernel.json",
        "blobs/..%2F..%2Fkernel.json",
        "gen-000001/other",
        "blobs/short-5",
        "kernel.json",
        ""
      })
  void noOtherNameIsHeard(String name) throws Exception {
    Files.writeString(folder.resolve("kernel.json"), "secret");

    HttpResponse<String> answer = send("GET", call(Use.RESTORE), name, "");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).doesNotContain("secret");
  }

  @Test
  void moreThanAllowedIsRefusedAndLeavesNothing() throws Exception {
    Call save = call(Use.SAVE);
    try (Socket socket = announce(save, MOST + (64 << 20) + 1)) {
      socket.setSoTimeout(10_000);
      BufferedReader answer =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      assertThat(answer.readLine()).startsWith("HTTP/1.1 413");
    }
    assertThat(file(BLOB)).doesNotExist();
    assertThat(send("PUT", save, BLOB, "bytes").statusCode())
        .as("the rest of a save that is too large")
        .isEqualTo(413);
  }

  /** Sends the head of a request whose body is never sent whole. */
  private Socket announce(Call call, long length) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    OutputStream out = socket.getOutputStream();
    out.write(
        """
        PUT /snapshots/%s HTTP/1.1\r
        Host: x\r
        Connection: close\r
        Authorization: Bearer %s\r
        Content-Length: %d\r
        \r
        half\
        """
            .formatted(BLOB, call.token(), length)
            .getBytes(US_ASCII));
    out.flush();
    return socket;
  }

  @Test
  void halfAnObjectIsNone() throws Exception {
    try (Socket _ = announce(call(Use.SAVE), 100)) {
      Awaitility.await().until(() -> !files().isEmpty());
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(files()).isEmpty());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void onlyTheNamedGenerationsAndTheirBlobsAreKept() throws Exception {
    Call save = call(Use.SAVE);
    String wanted = "blobs/" + "b".repeat(64) + "-1";
    send("PUT", save, BLOB, "bytes");
    send("PUT", save, wanted, "b");
    for (String generation : List.of("gen-000001", "gen-000002", "gen-000003")) {
      send("PUT", save, generation + "/pack", "pack");
      send("PUT", save, generation + "/manifest.mac", "mac");
      send("PUT", save, generation + "/manifest.json", manifest(wanted));
    }

    vault.keepOnly(folder, List.of(2, 3));

    assertThat(file("gen-000001")).doesNotExist();
    assertThat(file("gen-000003/manifest.json")).hasContent(manifest(wanted));
    assertThat(file(wanted)).exists();
    assertThat(file(BLOB)).as("named by none").doesNotExist();
  }

  private static String manifest(String blob) {
    return """
    {"segments": [{"pickle": ["pack", 0, 4], "buffers": [["%s", 0, 1, true]]}]}\
    """
        .formatted(blob.substring("blobs/".length()));
  }

  @Test
  void whatIsNoRequestOfOursIsRefusedInWords() throws Exception {
    HttpResponse<String> answer = send("DELETE", call(Use.SAVE), BLOB, "");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.body().getBytes(UTF_8)).isNotEmpty();
  }

  private int piece(Call call, String name, String... headers) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:%d/snapshots/%s".formatted(server.port(), name)))
                .header("Authorization", "Bearer " + call.token())
                .headers(headers)
                .build(),
            BodyHandlers.ofString())
        .statusCode();
  }

  @Test
  void aSessionMayComeInPiecesInTheHeadersOfGet() throws Exception {
    Call save = call(Use.SAVE);

    assertThat(piece(save, SESSION, "Elastic-Offset", "0", "Elastic-Piece", "QUJD")).isEqualTo(204);
    assertThat(piece(save, SESSION, "Elastic-Offset", "3", "Elastic-Piece", "Wg==")).isEqualTo(204);
    // Sent again, since its answer got lost.
    assertThat(piece(save, SESSION, "Elastic-Offset", "3", "Elastic-Piece", "REU=")).isEqualTo(204);
    assertThat(file(SESSION)).as("before its end").doesNotExist();
    assertThat(piece(save, SESSION, "Elastic-Offset", "5", "Elastic-End", "1")).isEqualTo(204);
    assertThat(file(SESSION)).hasContent("ABCDE");
    assertThat(Files.getPosixFilePermissions(file(SESSION)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aPieceThatDoesNotBelongThereIsRefused() throws Exception {
    Call save = call(Use.SAVE);
    String much = Base64.getEncoder().encodeToString(new byte[100_000]);

    assertThat(piece(save, SESSION, "Elastic-Offset", "3", "Elastic-Piece", "QUJD"))
        .as("a gap before it")
        .isEqualTo(500);
    assertThat(piece(save, SESSION, "Elastic-Offset", "0")).as("nothing in it").isEqualTo(400);
    assertThat(piece(save, SESSION, "Elastic-Offset", "x", "Elastic-Piece", "QUJD")).isEqualTo(400);
    assertThat(piece(save, SESSION, "Elastic-Offset", "-3", "Elastic-Piece", "QUJD"))
        .isEqualTo(400);
    assertThat(piece(save, SESSION, "Elastic-Offset", "0", "Elastic-Piece", "?")).isEqualTo(400);
    assertThat(piece(save, BLOB, "Elastic-Offset", "0", "Elastic-Piece", "QUJD")).isEqualTo(405);
    assertThat(piece(call(Use.RESTORE), SESSION, "Elastic-Offset", "0", "Elastic-Piece", "QUJD"))
        .isEqualTo(403);
    int refused = 0;
    for (int number = 0; number < 1_000 && refused == 0; number++) {
      int status = piece(save, SESSION, "Elastic-Offset", "0", "Elastic-Piece", much);
      refused = status == 204 ? 0 : status;
    }
    assertThat(refused).as("more than it may write").isEqualTo(413);
  }
}
