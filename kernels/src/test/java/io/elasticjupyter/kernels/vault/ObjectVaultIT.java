// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.hibernation.HelperAnswer;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Access;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Use;
import io.elasticjupyter.kernels.hibernation.SnapshotReport;
import io.elasticjupyter.kernels.objects.ObjectStore;
import io.elasticjupyter.kernels.objects.ObjectStoreSettings;
import io.elasticjupyter.kernels.objects.ObjectStoreSettings.Credentials;
import io.elasticjupyter.testkit.ManualClock;
import io.elasticjupyter.testkit.ObjectServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links for kernels to a real object store, and what the gateway itself does there. */
@Tag("object-store")
class ObjectVaultIT {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String BUCKET = "bucket";
  private static final byte[] BLOB = "bytes".getBytes(UTF_8);
  private static final long MOST = 1_000;

  @TempDir static Path folder;
  private static ObjectServer server;
  private final Grants grants = new Grants(new SecureRandom());
  private final HttpClient client = HttpClient.newHttpClient();
  private ObjectStore store;
  private ObjectVault vault;
  private SnapshotServer door;
  private Path kernel;

  @BeforeAll
  static void startServer() throws IOException {
    Files.createDirectories(folder.resolve(BUCKET));
    server = ObjectServer.start(folder);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void open() throws IOException {
    store = store(InstantSource.system());
    vault = vault(store, InstantSource.system());
    door = SnapshotServer.start(new InetSocketAddress(0), grants);
    kernel = Path.of("kernels", UUID.randomUUID().toString());
  }

  @AfterEach
  void close() {
    door.close();
    store.close();
    client.close();
  }

  private static ObjectStore store(InstantSource clock) {
    return new ObjectStore(
        new ObjectStoreSettings(
            server.endpoint(),
            BUCKET,
            "below",
            ObjectServer.REGION,
            true,
            new Credentials(ObjectServer.ACCESS_KEY, ObjectServer.SECRET_KEY)),
        clock);
  }

  private ObjectVault vault(ObjectStore of, InstantSource clock) {
    return new ObjectVault(
        of,
        "owner",
        VaultDoor.onLoopback(URI.create("http://gateway:1/snapshots"), grants),
        Optional.of("/local"),
        SnapshotPlace.inKernelFolder(),
        clock);
  }

  /** A call to a helper: what it is told, and its right to the store. */
  private record Call(ObjectNode request, Access access) {

    String token() {
      return request.at("/store/token").asText();
    }
  }

  private Call call(Use use) {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("generation", 3);
    return new Call(request, vault.open(use, kernel, MOST, request));
  }

  private HttpResponse<String> ask(Call call, String name, String question) throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/snapshots/%s".formatted(door.port(), name)))
            .header("Authorization", "Bearer " + call.token())
            .POST(BodyPublishers.ofString(question))
            .build(),
        BodyHandlers.ofString());
  }

  private static String put(byte[] bytes) throws Exception {
    return "{\"method\":\"PUT\",\"size\":%d,\"sha256\":\"%s\"}"
        .formatted(bytes.length, sha256(bytes));
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static String blob(byte[] bytes) throws Exception {
    return "blobs/" + sha256(bytes) + "-" + bytes.length;
  }

  private HttpResponse<String> follow(JsonNode link, String method, byte[] body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.endpoint() + link.path("target").asText()))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    for (Map.Entry<String, JsonNode> header : link.path("headers").properties()) {
      if (!header.getKey().equals("content-length")) {
        request.header(header.getKey(), header.getValue().asText());
      }
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private void store(String name, byte[] bytes) throws Exception {
    JsonNode link = JSON.readTree(ask(call(Use.SAVE), name, put(bytes)).body());
    HttpResponse<String> stored = follow(link, "PUT", bytes);
    assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
  }

  private List<String> keys() {
    return server.keys(BUCKET).stream()
        .filter(key -> key.startsWith("below/owner/" + kernel.getFileName() + "/"))
        .map(key -> key.substring(key.indexOf(kernel.getFileName().toString()) + 37))
        .toList();
  }

  @Test
  void theHelperIsToldWhereAndHowAndNoKey() throws Exception {
    ObjectNode request = call(Use.SAVE).request();

    assertThat(request.path("local").asText()).isEqualTo("/local");
    assertThat(request.at("/store/kind").asText()).isEqualTo("links");
    assertThat(request.at("/store/url").asText()).isEqualTo("http://gateway:1/snapshots");
    assertThat(request.at("/store/origin").asText()).isEqualTo(server.endpoint().toString());
    assertThat(request.toString())
        .doesNotContain(ObjectServer.ACCESS_KEY)
        .doesNotContain(ObjectServer.SECRET_KEY);
    assertThat(ask(call(Use.SAVE), blob(BLOB), put(BLOB)).body())
        .doesNotContain(ObjectServer.SECRET_KEY);
  }

  @Test
  void aLinkIsGoodForItsObjectAndForThoseBytesAlone() throws Exception {
    JsonNode link = JSON.readTree(ask(call(Use.SAVE), blob(BLOB), put(BLOB)).body());

    assertThat(follow(link, "PUT", "other".getBytes(UTF_8)).body()).contains("BadDigest");
    assertThat(follow(link, "PUT", "longer".getBytes(UTF_8)).body())
        .contains("SignatureDoesNotMatch");
    assertThat(follow(link, "GET", new byte[0]).statusCode()).isEqualTo(403);
    ObjectNode elsewhere = link.deepCopy();
    elsewhere.put("target", link.path("target").asText().replace("/blobs/", "/other/"));
    assertThat(follow(elsewhere, "PUT", BLOB).statusCode()).isEqualTo(403);
    assertThat(keys()).isEmpty();

    assertThat(follow(link, "PUT", BLOB).statusCode()).isEqualTo(200);
    assertThat(keys()).containsExactly(blob(BLOB));
    JsonNode read =
        JSON.readTree(ask(call(Use.RESTORE), blob(BLOB), "{\"method\":\"GET\"}").body());
    assertThat(follow(read, "GET", new byte[0]).body()).isEqualTo("bytes");
  }

  @Test
  void aLinkExpires() throws Exception {
    store.close();
    InstantSource sixMinutesAgo = () -> Instant.now().minus(Duration.ofMinutes(6));
    store = store(sixMinutesAgo);
    vault = vault(store, sixMinutesAgo);
    JsonNode link = JSON.readTree(ask(call(Use.SAVE), blob(BLOB), put(BLOB)).body());

    HttpResponse<String> answer = follow(link, "PUT", BLOB);

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("expired");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gen-000003/pack | {\"method\":\"PUT\",\"size\":5}                      | 400 | SHA-256",
        "gen-000003/pack | {\"method\":\"DELETE\"}                              | 400 | Links are for",
        "gen-000003/pack | no JSON                                              | 400 | no JSON",
        "gen-000002/pack | {\"method\":\"GET\"}                                 | 403 | another generation",
        "../secrets      | {\"method\":\"GET\"}                                 | 404 | this name",
      })
  void whatIsNoQuestionForAnObjectOfTheSnapshotIsRefused(
      String name, String question, int status, String words) throws Exception {
    HttpResponse<String> answer = ask(call(Use.SAVE), name, question);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(words);
  }

  @Test
  void whoRestoresGetsNoLinkToWriteAndATokenIsGoodForOneCall() throws Exception {
    assertThat(ask(call(Use.RESTORE), blob(BLOB), put(BLOB)).statusCode()).isEqualTo(403);
    Call over = call(Use.SAVE);
    over.access().end();
    assertThat(ask(over, blob(BLOB), put(BLOB)).statusCode()).isEqualTo(401);
  }

  @Test
  void moreThanAStoreOrThisGatewayTakesIsRefusedBeforeItIsSent() throws Exception {
    String digest = "a".repeat(64);
    long large = (5L << 30) + 1;
    HttpResponse<String> answer =
        ask(
            call(Use.SAVE),
            "blobs/%s-%d".formatted(digest, large),
            "{\"method\":\"PUT\",\"size\":%d,\"sha256\":\"%s\"}".formatted(large, digest));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("5,368,709,121 bytes", "at most 5 GiB in one piece");

    long allowed = MOST + (64 << 20);
    Call save = call(Use.SAVE);
    String name = "gen-000003/pack";
    String question =
        "{\"method\":\"PUT\",\"size\":%d,\"sha256\":\"%s\"}".formatted(allowed, digest);
    assertThat(ask(save, name, question).statusCode()).isEqualTo(200);
    assertThat(ask(save, name, question).statusCode()).as("another try of it").isEqualTo(200);
    assertThat(ask(save, blob(BLOB), put(BLOB)).body()).contains("larger than this gateway allows");
    assertThat(ask(save, blob(BLOB), put(BLOB)).statusCode()).as("asked twice").isEqualTo(413);
    Call other = call(Use.SAVE);
    String small = "{\"method\":\"PUT\",\"size\":1,\"sha256\":\"%s\"}".formatted(digest);
    assertThat(ask(other, name, small).statusCode()).isEqualTo(200);
    assertThat(ask(other, "gen-000003/manifest.mac", small).statusCode()).isEqualTo(200);
    assertThat(ask(other, name, question).statusCode()).as("grown since").isEqualTo(413);
  }

  /** Stores a snapshot, and answers as a helper would. */
  private HelperAnswer.Saved saved(String generation) throws Exception {
    byte[] manifest =
        """
        {"pack": {"size": 4}, "segments": [{"pickle": ["pack", 0, 4], "buffers": [["%s", 0, 5, true]]}]}\
        """
            .formatted(blob(BLOB).substring("blobs/".length()))
            .getBytes(UTF_8);
    store(blob(BLOB), BLOB);
    store(generation + "pack", "pack".getBytes(UTF_8));
    store(generation + "manifest.mac", "mac".getBytes(UTF_8));
    store(generation + "manifest.json", manifest);
    return new HelperAnswer.Saved(
        sha256(manifest), new SnapshotReport(1, List.of(), List.of(), List.of(), 9, 9));
  }

  @Test
  void theGatewayBelievesWhatItFinds() throws Exception {
    HelperAnswer.Saved saved = saved("gen-000003/");

    assertThat(call(Use.SAVE).access().checked(saved)).isEqualTo(saved);
    HelperAnswer other = new HelperAnswer.Cancelled();
    assertThat(call(Use.SAVE).access().checked(other)).isEqualTo(other);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blobs/",
        "gen-000003/pack",
        "gen-000003/manifest.mac",
        "gen-000003/manifest.json"
      })
  void aSnapshotThatIsNotWholeIsNone(String object) throws Exception {
    HelperAnswer.Saved saved = saved("gen-000003/");
    String key = keys().stream().filter(each -> each.startsWith(object)).findFirst().orElseThrow();
    Path file = server.file(BUCKET, "below/owner/" + kernel.getFileName() + "/" + key);
    if (!object.endsWith("mac")) {
      Files.write(file, new byte[] {1, 2});
      assertThat(call(Use.SAVE).access().checked(saved)).isInstanceOf(HelperAnswer.Failed.class);
    }

    Files.delete(file);

    assertThat(call(Use.SAVE).access().checked(saved))
        .isInstanceOfSatisfying(
            HelperAnswer.Failed.class,
            failed -> {
              assertThat(failed.message()).startsWith("The object store has not got what");
              assertThat(failed.lacksSnapshot()).isFalse();
            });
  }

  @Test
  void onlyTheNamedGenerationsAndTheirBlobsAreKept() throws Exception {
    byte[] unwanted = "nobody names it".getBytes(UTF_8);
    store(blob(unwanted), unwanted);
    saved("gen-000003/");

    vault.keepOnly(kernel, List.of(3));

    assertThat(keys())
        .containsExactlyInAnyOrder(
            blob(BLOB), "gen-000003/manifest.json", "gen-000003/manifest.mac", "gen-000003/pack");
    vault.keepOnly(kernel, List.of(4));
    assertThat(keys()).isEmpty();
  }

  @Test
  void aKernelThatEndsLeavesNothing() throws Exception {
    saved("gen-000003/");
    vault.forget(kernel);
    assertThat(keys()).isEmpty();
  }

  @Test
  void objectsOfNobodyGoWhenTheyAreOld() throws Exception {
    saved("gen-000003/");
    Path known = kernel;
    kernel = Path.of("kernels", UUID.randomUUID().toString());
    saved("gen-000003/");
    Set<String> ids = Set.of(known.getFileName().toString());

    vault.sweep(ids::contains);
    assertThat(keys()).as("young").hasSize(4);

    // The store would not take the signatures of such a clock.
    ManualClock later = new ManualClock(Instant.now().plus(Duration.ofHours(25)));
    vault(store, later).sweep(ids::contains);
    assertThat(keys()).as("of nobody").isEmpty();
    kernel = known;
    assertThat(keys()).as("of a kernel").hasSize(4);
  }

  /** More than one page of a list. */
  @Test
  void manyObjects() throws Exception {
    Path many = Files.createDirectories(folder.resolve(BUCKET).resolve("many"));
    for (int number = 0; number < 1_005; number++) {
      Files.writeString(many.resolve("object-" + number), "x");
    }
    List<String> keys = store.list("many/").stream().map(each -> each.key()).toList();
    assertThat(keys).hasSize(1_005);

    store.delete(keys);

    assertThat(store.list("many/")).isEmpty();
    store.delete(List.of("many/never-there"));
  }
}
