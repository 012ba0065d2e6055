// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.objects;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.kernels.objects.ObjectStoreSettings.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that takes the connection, and then goes on answering for ever, or ends too early. */
@Timeout(60)
class StalledStoreIT {

  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";

  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private ServerSocket server;
  private ObjectStore store;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    store =
        new ObjectStore(
            new ObjectStoreSettings(
                URI.create("http://127.0.0.1:" + server.getLocalPort()),
                "bucket",
                "",
                "us-east-1",
                true,
                new Credentials("key", "secret")),
            InstantSource.system(),
            Duration.ofSeconds(1));
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
    server.close();
    for (Socket each : connections) {
      each.close();
    }
  }

  /** Says so much to whoever connects, and nothing more; the connection stays, or does not. */
  private void says(String text, boolean stays) {
    Thread _ =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Socket client = server.accept();
                connections.add(client);
                assertThat(client.getInputStream().read()).isPositive();
                client.getOutputStream().write(text.getBytes(US_ASCII));
                client.getOutputStream().flush();
                if (!stays) {
                  client.close();
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", HEAD, HEAD + "the first of a thousand bytes"})
  void aStoreThatStallsIsGivenUpWhereverItStands(String beginning) {
    says(beginning, true);

    assertThatThrownBy(() -> store.read("manifest.json", 10_000))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the object store at http://127.0.0.1:")
        .hasMessageMatching(".*(did not answer whole within 1 seconds|timed out.*)");
  }

  @Test
  void aBodyThatEndsTooEarlyIsNoObject() {
    says(HEAD + "and no more", false);

    assertThatThrownBy(() -> store.read("manifest.json", 10_000))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the object store at http://127.0.0.1:");
  }
}
