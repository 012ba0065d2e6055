// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.gateway.config.HttpLimitsConfig;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every malformed request gets a precise status and our error body, and never a stack trace. */
class BadRequestsIT {

  private static final String ID = "6b1a7c2e-0f6d-4c8e-9f3a-1d2c3b4a5f60";

  private final MemoryKernels kernels = new MemoryKernels();
  private final GatewayUnderTest gateway = start();

  private GatewayUnderTest start() {
    kernels.running(ID);
    try {
      return GatewayUnderTest.start(
          Configs.config()
              .limits(
                  new HttpLimitsConfig(
                      10_000, 8 << 10, Duration.ofSeconds(1), Duration.ofSeconds(2), 1000))
              .build(),
          kernels,
          Specs.offering(Specs.python("python3")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "1",
        "\"x\"",
        "{} {}",
        "{\"a\":1,\"a\":2}",
        "{\"name\":1}",
        "{\"env\":[]}",
        "{\"env\":{\"KERNEL_X\":1}}",
        "{\"env\":{\"KERNEL_X\":\"$HOME\"}}",
        "nul",
        "\u0000"
      })
  void badBodiesOfAStart(String body) {
    GatewayUnderTest.Answer answer = gateway.post("/api/kernels", body);
    assertThat(answer.status()).isEqualTo(400);
    assertErrorBody(answer);
    assertThat(kernels.requests()).isEmpty();
  }

  @Test
  void deeplyNestedBodies() {
    assertThat(gateway.post("/api/kernels", "[".repeat(5000)).status()).isEqualTo(400);
    String closed = "{\"env\":" + "[".repeat(65) + "]".repeat(65) + "}";
    assertThat(gateway.post("/api/kernels", closed).response().body()).contains("Invalid JSON");
  }

  @Test
  void largeBodies() {
    GatewayUnderTest.Answer answer =
        gateway.post("/api/kernels", "{\"x\":\"" + "a".repeat(20_000) + "\"}");
    assertThat(answer.status()).isEqualTo(413);
    assertErrorBody(answer);
  }

  @Test
  void encodedBodies() {
    assertThat(gateway.post("/api/kernels", "{}", "Content-Encoding", "gzip").status())
        .isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/nothing",
        "/api/kernels/",
        "/api/kernels/abc",
        "/api/kernels/a-b-c-d",
        "/api/kernels/a-b-c-d-e-f",
        "/api/kernels/" + ID + "/",
        "/api/kernels/" + ID + "/nothing",
        "/kernelspecs/python3",
        "/kernelspecs/nothing/kernel.js",
        "/api/kernelspecs/a/b",
        "/kernelspecs/python3/kernel.json",
        "/api/contents",
        "/api/contents/a.ipynb",
        "/api/terminals",
        "/api/kernels/a-b-c-d-e",
        "/api/sessions/a-b-c-d-e",
        "/API"
      })
  void unknownPaths(String path) {
    GatewayUnderTest.Answer answer = gateway.get(path);
    assertThat(answer.status()).isEqualTo(404);
    assertErrorBody(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/kernelspecs/python3/../../../etc/passwd",
        "/kernelspecs/python3/%2e%2e/%2e%2e/etc/passwd",
        "/kernelspecs/python3/..%2f..%2fetc%2fpasswd",
        "/kernelspecs/python3/%252e%252e/x",
        "/kernelspecs/python3/..;/x",
        "/kernelspecs/python3/a\\..\\b",
        "/kernelspecs/python3/%00",
        "/kernelspecs/..%2f..%2fetc/passwd",
        "/api/../../etc/passwd",
        "//api",
        "/api/kernels/%ff",
        "/api/kernels/%",
        "/api/kernels/%zz"
      })
  void pathsThatClimb(String path) throws IOException {
    String response = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(response).startsWith("HTTP/1.1 4").contains("\"reason\"");
    assertThat(response).doesNotContain("root:").doesNotContain("Exception");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /api/kernels",
    "DELETE, /api/kernels",
    "PATCH, /api/kernelspecs",
    "POST, /api",
    "GET, /api/kernels/6b1a7c2e-0f6d-4c8e-9f3a-1d2c3b4a5f60/restart",
    "NONSENSE, /api/kernels"
  })
  void wrongMethods(String method, String path) {
    GatewayUnderTest.Answer answer = gateway.send(method, path, "");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).contains("OPTIONS");
    assertErrorBody(answer);
  }

  @Test
  void websocketsWithoutAnUpgrade() {
    GatewayUnderTest.Answer answer = gateway.get("/api/kernels/" + ID + "/channels");
    assertThat(answer.status()).isEqualTo(426);
    assertThat(answer.header("Sec-WebSocket-Version")).isEqualTo("13");
  }

  @Test
  void websocketsToUnknownKernels() throws IOException {
    try (RawWebSocket client =
        RawWebSocket.open(gateway.port(), "/api/kernels/a-b-c-d-e/channels")) {
      assertThat(client.status()).isEqualTo(404);
    }
  }

  @Test
  void websocketsWithALongSession() throws IOException {
    String path = "/api/kernels/" + ID + "/channels?session_id=" + "s".repeat(300);
    try (RawWebSocket client = RawWebSocket.open(gateway.port(), path)) {
      assertThat(client.status()).isEqualTo(400);
    }
  }

  @Test
  void websocketsFromAnotherOrigin() throws IOException {
    try (RawWebSocket client =
        RawWebSocket.open(
            gateway.port(), "/api/kernels/" + ID + "/channels", "Origin: http://evil.example")) {
      assertThat(client.status()).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api HTTP/1.1\r\n\r\n",
        "GET /api HTTP/9.9\r\nHost: x\r\n\r\n",
        "GET\r\n\r\n",
        "\u0001\u0002\u0003\u0004\r\n\r\n",
        "GET /api HTTP/1.1\r\nHost x\r\n\r\n",
        "GET /api HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /api/kernels HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "POST /api/kernels HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /api/kernels HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"
      })
  void brokenHeads(String request) throws IOException {
    String response = raw(request);
    assertThat(response).matches("(?s)HTTP/1\\.[01] (400|505).*");
    assertThat(response).contains("\"reason\"").doesNotContain("jetty").doesNotContain("at io.");
  }

  @Test
  void floodsOfHeaders() throws IOException {
    String response = raw("GET /api HTTP/1.1\r\nHost: x\r\n" + "X-A: b\r\n".repeat(3000) + "\r\n");
    assertThat(response).startsWith("HTTP/1.1 431").contains("\"reason\"");
  }

  @Test
  void longRequestLines() throws IOException {
    String response = raw("GET /api?" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(response).startsWith("HTTP/1.1 414").contains("\"reason\"");
  }

  @Test
  void headsThatDripForEver() throws IOException {
    assertThat(secondsUntilClosed("GET /api HTTP/1.1\r\nHost: x\r\nX-Slow: ", true)).isLessThan(10);
  }

  @Test
  void connectionsThatSayNothing() throws IOException {
    assertThat(secondsUntilClosed("", false)).isLessThan(10);
  }

  @Test
  void bodiesThatDripForEver() throws IOException {
    String head = "POST /api/kernels HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n{";
    assertThat(secondsUntilClosed(head, true)).isLessThan(10);
  }

  @Test
  void bodiesThatNeverComeAreToldSo() throws IOException {
    String response = raw("POST /api/kernels HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{");
    assertThat(response).startsWith("HTTP/1.1 408").contains("did not arrive in time");
  }

  private static void assertErrorBody(GatewayUnderTest.Answer answer) {
    assertThat(answer.json().path("reason").asText()).isNotEmpty();
    assertThat(answer.json().has("message")).isTrue();
    assertThat(answer.body()).doesNotContain("Exception").doesNotContain("at io.");
  }

  /** Sends bytes and reads all that comes until the gateway closes. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private double secondsUntilClosed(String start, boolean drip) throws IOException {
    long begin = System.nanoTime();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      socket.setSoTimeout(100);
      socket.getOutputStream().write(start.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      while (System.nanoTime() - begin < 15_000_000_000L) {
        if (drip) {
          socket.getOutputStream().write('a');
        }
        if (isOver(in)) {
          break;
        }
      }
    } catch (SocketException e) {
      // Written into a connection that the gateway had just closed.
      assertThat(e.getMessage()).isNotNull();
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private static boolean isOver(InputStream in) throws IOException {
    try {
      // An answer before the end is welcome.
      in.skipNBytes(Long.MAX_VALUE);
      return false;
    } catch (EOFException _) {
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    }
  }
}
