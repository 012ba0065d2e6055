// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.gateway.config.TlsConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTPS and secure websockets, with and without client certificates. */
class TlsIT {

  private static final String ID = "6b1a7c2e-0f6d-4c8e-9f3a-1d2c3b4a5f60";

  private final MemoryKernels kernels = new MemoryKernels();
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void servesHttpsWithKeysOfEachKind(String algorithm) throws Exception {
    Certificates.Identity server = Certificates.make(folder, "localhost", algorithm);
    TlsConfig tls =
        new TlsConfig(server.certificate(), server.key(), Optional.empty(), Optional.empty());
    try (GatewayUnderTest gateway = start(tls);
        HttpClient client = client(server, Optional.empty())) {
      assertThat(get(client, gateway.port()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void readsTheOlderFormOfRsaKeys() throws Exception {
    Certificates.Identity server = Certificates.make(folder, "localhost", "RSA");
    byte[] pkcs8 = server.store().getKey("localhost", Certificates.PASSWORD).getEncoded();
    // SEQUENCE head, version and algorithm, OCTET STRING head: what PKCS#8 puts before PKCS#1.
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 4 + 3 + 15 + 4, pkcs8.length);
    Path key = Certificates.pem(folder.resolve("old.key"), "RSA PRIVATE KEY", pkcs1);
    TlsConfig tls = new TlsConfig(server.certificate(), key, Optional.empty(), Optional.empty());
    try (GatewayUnderTest gateway = start(tls);
        HttpClient client = client(server, Optional.empty())) {
      assertThat(get(client, gateway.port()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void asksForAClientCertificateOfTheAuthorizedName() throws Exception {
    Certificates.Identity server = Certificates.make(folder, "localhost", "EC");
    Certificates.Identity proxy = Certificates.make(folder, "proxy.example", "EC");
    TlsConfig right =
        new TlsConfig(
            server.certificate(),
            server.key(),
            Optional.of(proxy.certificate()),
            Optional.of("proxy.example"));
    TlsConfig other =
        new TlsConfig(
            server.certificate(),
            server.key(),
            Optional.of(proxy.certificate()),
            Optional.of("other.example"));
    try (GatewayUnderTest gateway = start(right);
        GatewayUnderTest elsewhere = start(other);
        HttpClient known = client(server, Optional.of(proxy));
        HttpClient unknown = client(server, Optional.empty())) {
      assertThat(get(known, gateway.port()).statusCode()).isEqualTo(200);
      assertThat(get(known, elsewhere.port()).statusCode()).isEqualTo(403);
      assertThatThrownBy(() -> get(unknown, gateway.port())).isInstanceOf(IOException.class);
    }
  }

  @Test
  void carriesWebsockets() throws Exception {
    Certificates.Identity server = Certificates.make(folder, "localhost", "EC");
    TlsConfig tls =
        new TlsConfig(server.certificate(), server.key(), Optional.empty(), Optional.empty());
    MemoryKernel kernel = kernels.running(ID);
    kernel.publish(Messages.stream("a".repeat(200_000)));
    CompletableFuture<Integer> received = new CompletableFuture<>();
    try (GatewayUnderTest gateway = start(tls);
        HttpClient client = client(server, Optional.empty())) {
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .buildAsync(
                  URI.create(
                      "wss://localhost:" + gateway.port() + "/api/kernels/" + ID + "/channels"),
                  new Counting(received))
              .get(20, TimeUnit.SECONDS);
      assertThat(received.get(20, TimeUnit.SECONDS)).isGreaterThan(200_000);
      socket.abort();
    }
  }

  @Test
  void saysWhichFileCannotBeUsed() throws Exception {
    Certificates.Identity server = Certificates.make(folder, "localhost", "EC");
    Path nothing = Files.writeString(folder.resolve("nothing.pem"), "nothing");
    assertThatThrownBy(() ->
            start(new TlsConfig(server.certificate(), nothing, Optional.empty(), Optional.empty())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no private key in " + nothing);
  }

  private static final class Counting implements WebSocket.Listener {
    private final CompletableFuture<Integer> received;
    private int characters;

    Counting(CompletableFuture<Integer> received) {
      this.received = received;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      characters += data.length();
      if (last) {
        received.complete(characters);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  private GatewayUnderTest start(TlsConfig tls) throws IOException {
    return GatewayUnderTest.start(
        Configs.config().tls(tls).build(), kernels, Specs.offering(Specs.python("python3")));
  }

  private static HttpResponse<String> get(HttpClient client, int port)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/api"))
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpClient client(
      Certificates.Identity server, Optional<Certificates.Identity> own) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", server.store().getCertificate("localhost"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    if (own.isPresent()) {
      keys.init(own.get().store(), Certificates.PASSWORD);
    } else {
      KeyStore none = KeyStore.getInstance("PKCS12");
      none.load(null, null);
      keys.init(none, Certificates.PASSWORD);
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).version(HttpClient.Version.HTTP_1_1).build();
  }
}
