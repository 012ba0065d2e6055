// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real S3-compatible server on loopback that checks signatures, with objects as files of a
 * folder: {@code FOLDER/BUCKET/KEY}. The first use on a machine builds it, which takes minutes.
 */
public final class ObjectServer implements AutoCloseable {

  public static final String ACCESS_KEY = "test-access";
  public static final String SECRET_KEY = "test-secret-key";
  public static final String REGION = "us-east-1";

  private static final long MINUTES_TO_BUILD = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final int port;
  private ProcessUnderTest process;

  private ObjectServer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
    this.process = run(folder, port);
  }

  /**
   * Starts it.
   *
   * @param folder each folder in it is a bucket
   */
  public static ObjectServer start(Path folder) {
    return new ObjectServer(folder, freePort());
  }

  /** The server's program, built where it is not yet; it needs nothing but a kernel of Linux. */
  public static Path program() {
    return Built.PROGRAM;
  }

  /** Its address. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The keys of a bucket's objects. */
  public List<String> keys(String bucket) {
    Path root = folder.resolve(bucket);
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file of an object. */
  public Path file(String bucket, String key) {
    return folder.resolve(bucket).resolve(key);
  }

  /** Ends it the hard way, as a machine does; nobody is reached at its address then. */
  public void stop() {
    // In good order it would wait for clients that keep their connections.
    process.kill();
  }

  /** Starts it again where it was, with what it had. */
  public void startAgain() {
    process = run(folder, port);
  }

  @Override
  public void close() {
    process.kill();
  }

  private static ProcessUnderTest run(Path folder, int port) {
    ProcessUnderTest started =
        ProcessUnderTest.start(
            "object store",
            folder,
            Map.of(
                "ROOT_ACCESS_KEY", ACCESS_KEY, "ROOT_SECRET_KEY", SECRET_KEY, "VGW_REGION", REGION),
            List.of(
                Built.PROGRAM.toString(),
                "--port",
                "127.0.0.1:" + port,
                "--keep-alive",
                "posix",
                folder.toString()));
    Awaitility.await("the object store listens")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> {
          URI.create("http://127.0.0.1:" + port).toURL().openConnection().connect();
          return true;
        });
    return started;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The holder, so that one test process asks once. */
  private static final class Built {
    static final Path PROGRAM = build();

    private static Path build() {
      try {
        Process script =
            new ProcessBuilder(ProjectRoot.path().resolve("tools/object-store/build").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        script.getOutputStream().close();
        String printed;
        try (InputStream out = script.getInputStream()) {
          printed = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
        if (!script.waitFor(MINUTES_TO_BUILD, TimeUnit.MINUTES) || script.exitValue() != 0) {
          script.destroy();
          throw new IllegalStateException(
              "tools/object-store/build failed; what it wrote to standard error says why");
        }
        return Path.of(printed);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot run tools/object-store/build", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while the object store was built", e);
      }
    }
  }
}
