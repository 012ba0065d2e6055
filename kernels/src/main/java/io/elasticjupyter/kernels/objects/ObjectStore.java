// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.objects;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket of an S3-compatible store: links for others, and the few small requests of the gateway
 * itself. Blocks for at most half a minute for each request. Safe for any thread.
 */
public final class ObjectStore implements AutoCloseable {

  /** An object is put in one piece, and no store takes more of one. */
  public static final long LARGEST_OBJECT = 5L << 30;

  /**
   * How long a link is good for, from its making to the begin of the request. As much as two
   * machines' clocks may differ, or a store would refuse what is asked for at once.
   */
  static final Duration VALIDITY = Duration.ofMinutes(5);

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(25);
  private static final long LARGEST_LIST = 16L << 20;
  private static final int LONGEST_ERROR = 16_384;
  private static final int AT_ONCE = 8;
  private static final Pattern CODE = Pattern.compile("<Code>([^<]{1,100})</Code>");
  private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]{1,400})</Message>");

  private final ObjectStoreSettings settings;
  private final QuerySignature signature;
  private final InstantSource clock;
  private final Duration patience;
  private final HttpClient client;

  /** Connects to nothing before it is asked something. */
  public ObjectStore(ObjectStoreSettings settings, InstantSource clock) {
    this(settings, clock, ANSWER);
  }

  /**
   * The same for a test.
   *
   * @param patience how long a whole answer may take
   */
  ObjectStore(ObjectStoreSettings settings, InstantSource clock, Duration patience) {
    this.settings = settings;
    this.patience = patience;
    this.signature = new QuerySignature(settings.region(), settings.credentials());
    this.clock = clock;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Scheme, host and port that links are for. */
  public URI origin() {
    return settings.origin();
  }

  /** What the names of all objects begin with. */
  public String prefix() {
    return settings.prefix();
  }

  /** A link to read an object, or to ask for its size ({@code GET}, {@code HEAD}). */
  public SignedLink link(String method, String key) {
    return link(method, key, Map.of(), Map.of());
  }

  /**
   * A link to store exactly these bytes: their number is signed, and so is their digest, which the
   * store compares.
   *
   * @param sha256 in hexadecimal
   */
  public SignedLink linkToPut(String key, long size, String sha256) {
    String digest = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256));
    return link(
        "PUT",
        key,
        Map.of(),
        Map.of("content-length", String.valueOf(size), "x-amz-checksum-sha256", digest));
  }

  private SignedLink link(
      String method, String key, Map<String, String> query, Map<String, String> headers) {
    QuerySignature.Request request =
        new QuerySignature.Request(method, settings.host(), settings.path(key), query, headers);
    return new SignedLink(signature.target(request, clock.instant(), VALIDITY), headers);
  }

  /** All objects whose keys begin so. */
  public List<ListedObject> list(String prefix) throws IOException {
    List<ListedObject> all = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      Map<String, String> query = new TreeMap<>(Map.of("list-type", "2", "prefix", prefix));
      next.ifPresent(token -> query.put("continuation-token", token));
      byte[] page =
          send("GET", link("GET", "", query, Map.of()), "the list of its objects", LARGEST_LIST)
              .orElseThrow(() -> new IOException("the object store has no bucket of that name"));
      ObjectListing listing = ObjectListing.read(page);
      all.addAll(listing.objects());
      next = listing.next();
    } while (next.isPresent());
    return all;
  }

  /**
   * Reads a small object; empty where there is none.
   *
   * @param most bytes that it may have
   */
  public Optional<byte[]> read(String key, long most) throws IOException {
    return send("GET", link("GET", key), key, most);
  }

  /** Deletes objects, some at once; those that are not there any more are no trouble. */
  public void delete(Collection<String> keys) throws IOException {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      List<Future<Optional<byte[]>>> answers =
          keys.stream()
              .map(key ->
                  threads.submit(() -> send("DELETE", link("DELETE", key), key, LONGEST_ERROR)))
              .toList();
      for (Future<Optional<byte[]>> answer : answers) {
        answer.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("not every object could be deleted: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while objects were deleted", e);
    }
  }

  /** Empty where there is no such object. */
  private Optional<byte[]> send(String method, SignedLink link, String what, long most)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(origin() + link.target()))
            .timeout(patience)
            .method(method, BodyPublishers.noBody())
            .build();
    // The request's own limit ends where the body begins.
    FutureTask<Optional<byte[]>> whole =
        new FutureTask<>(() -> exchange(request, method + " of " + what, most));
    Thread _ = Thread.ofVirtual().name("object-store-call").start(whole);
    try {
      return whole.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      boolean _ = whole.cancel(true);
      throw new IOException(
          "the object store at %s did not answer whole within %d seconds"
              .formatted(origin(), patience.toSeconds()),
          e);
    } catch (InterruptedException e) {
      boolean _ = whole.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the object store was asked", e);
    } catch (ExecutionException e) {
      String why = String.valueOf(e.getCause() == null ? null : e.getCause().getMessage());
      throw new IOException(
          why.startsWith("the object store")
              ? why
              : "the object store at %s was not reached: %s".formatted(origin(), e.getCause()),
          e.getCause());
    }
  }

  private Optional<byte[]> exchange(HttpRequest request, String doing, long most)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      return read(response.statusCode(), body, doing, most);
    }
  }

  private static Optional<byte[]> read(int status, InputStream body, String doing, long most)
      throws IOException {
    if (status / 100 == 2) {
      byte[] bytes = body.readNBytes(Math.toIntExact(most + 1));
      if (bytes.length > most) {
        throw new IOException(
            "the object store has more than %d bytes for %s".formatted(most, doing));
      }
      return Optional.of(bytes);
    }
    String text = new String(body.readNBytes(LONGEST_ERROR), UTF_8);
    String code = found(CODE, text);
    if (status == 404 && !code.equals("NoSuchBucket")) {
      return Optional.empty();
    }
    throw new IOException(
        "the object store answered %d %s to %s: %s"
            .formatted(status, code, doing, found(MESSAGE, text)));
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  @Override
  public void close() {
    // Not close(), which waits for requests that nobody waits for any more.
    client.shutdownNow();
  }
}
