// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.testkit.PythonEnvironment;
import io.elasticjupyter.testkit.SeededRandom;
import io.elasticjupyter.wire.connection.ConnectionFile;
import io.elasticjupyter.wire.connection.ConnectionInfo;
import io.elasticjupyter.wire.connection.LocalPorts;
import io.elasticjupyter.wire.kernelspec.KernelSpecPath;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.Envelope;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.Signer;
import io.elasticjupyter.wire.websocket.LegacyFraming;
import io.elasticjupyter.wire.websocket.V1Framing;
import io.elasticjupyter.wire.websocket.WebSocketFrame;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we write is read by jupyter_server's and jupyter_client's own code. */
class JupyterPeerIT {

  private static final String SCRIPT = "read_with_jupyter.py";
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  @TempDir private static Path directory;
  private static Process peer;
  private static OutputStream requests;
  private static BufferedReader answers;

  @BeforeAll
  static void startPeer() throws IOException {
    Path script = directory.resolve(SCRIPT);
    try (InputStream resource =
        Objects.requireNonNull(JupyterPeerIT.class.getResourceAsStream(SCRIPT))) {
      Files.copy(resource, script);
    }
    ProcessBuilder builder =
        new ProcessBuilder(PythonEnvironment.get().python().toString(), script.toString());
    builder.environment().putAll(variables());
    peer = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    requests = peer.getOutputStream();
    answers = peer.inputReader(UTF_8);
  }

  @AfterAll
  static void stopPeer() throws IOException, InterruptedException {
    requests.close();
    assertThat(peer.waitFor()).isZero();
  }

  @Test
  void readsOurV1Frames() {
    SeededRandom.check(
        200,
        random -> {
          JupyterMessage message = new RandomMessages(random).next();
          WebSocketFrame.Binary frame = (WebSocketFrame.Binary) new V1Framing().encode(message);
          JsonNode read = ask("v1", request -> request.put("frame", base64(bytes(frame.bytes()))));
          assertThat(read.path("channel").textValue()).isEqualTo(message.channel().wireName());
          List<byte[]> parts = Golden.allBytes(read.path("parts"));
          assertThat(parts).hasSize(message.partCount());
          for (int i = 0; i < parts.size(); i++) {
            assertThat(parts.get(i)).isEqualTo(message.part(i));
          }
        });
  }

  @Test
  void readsOurLegacyFrames() {
    SeededRandom.check(
        200,
        random -> {
          RandomMessages messages = new RandomMessages(random);
          JupyterMessage any = messages.next();
          byte[] header =
              "{\"msg_id\": \"a\\u00e4\", \"msg_type\": \"stream\", \"x\": {\"msg_id\": 1}}"
                  .getBytes(UTF_8);
          JupyterMessage message =
              new JupyterMessage(
                  any.channel(),
                  header,
                  any.parentHeader(),
                  any.metadata(),
                  any.content(),
                  any.buffers());
          JsonNode read =
              switch (new LegacyFraming().encode(message)) {
                case WebSocketFrame.Text text ->
                    ask("text", request -> request.put("frame", base64(text.utf8())));
                case WebSocketFrame.Binary binary ->
                    ask("binary", request -> request.put("frame", base64(bytes(binary.bytes()))));
              };
          assertThat(read.path("channel").textValue()).isEqualTo(message.channel().wireName());
          assertThat(read.path("msg_id").textValue()).isEqualTo("aä");
          assertThat(read.path("msg_type").textValue()).isEqualTo("stream");
          assertThat(normal(read.path("content"))).isEqualTo(normal(message.content()));
          assertThat(normal(read.path("metadata"))).isEqualTo(normal(message.metadata()));
          assertThat(normal(read.path("parent_header"))).isEqualTo(normal(message.parentHeader()));
          assertThat(Golden.allBytes(read.path("buffers")))
              .containsExactlyElementsOf(message.buffers());
        });
  }

  @Test
  void acceptsOurSignatures() throws Exception {
    byte[] key = "a key".getBytes(UTF_8);
    byte[] header = "{\"msg_id\": \"1\", \"msg_type\": \"t\"}".getBytes(UTF_8);
    byte[] object = "{\"answer\": 42}".getBytes(UTF_8);
    JupyterMessage message =
        new JupyterMessage(Channel.SHELL, header, object, object, object, List.of(key));
    for (String scheme : List.of("hmac-sha256", "hmac-md5", "hmac-sha3_512")) {
      List<byte[]> sealed = Envelope.seal(message, Signer.of(scheme, key));
      JsonNode content =
          ask(
              "signed",
              request -> {
                request.put("key", base64(key)).put("scheme", scheme);
                sealed.forEach(part -> request.withArray("parts").add(base64(part)));
                return request;
              });
      assertThat(content.path("answer").intValue()).isEqualTo(42);
    }
  }

  @Test
  void connectsWhereOurConnectionFileSays() throws Exception {
    Path file = directory.resolve("kernel.json");
    ConnectionInfo tcp =
        ConnectionInfo.tcp("127.0.0.1", new LocalPorts.Chosen(1, 2, 3, 4, 5), "schlüssel", "p");
    for (ConnectionInfo info :
        List.of(tcp, ConnectionInfo.ipc(directory.resolve("socket"), "key", "p"))) {
      ConnectionFile.write(file, info);
      JsonNode read = ask("connection", request -> request.put("file", file.toString()));
      for (Channel channel : Channel.values()) {
        assertThat(read.path("urls").path(channel.wireName()).textValue())
            .isEqualTo(info.addressOf(channel).toString());
      }
      assertThat(read.path("urls").path("hb").textValue())
          .isEqualTo(info.heartbeatAddress().toString());
      assertThat(read.path("key").textValue()).isEqualTo(info.key());
      assertThat(read.path("scheme").textValue()).isEqualTo(info.signatureScheme());
    }
  }

  @Test
  void looksForKernelspecsWhereWeDo() throws Exception {
    io.elasticjupyter.wire.kernelspec.PythonEnvironment python =
        io.elasticjupyter.wire.kernelspec.PythonEnvironment.of(PythonEnvironment.get().python());
    assertThat(python.minorVersion()).isPresent();
    List<String> theirs = new ArrayList<>();
    ask("path", request -> request).forEach(path -> theirs.add(path.textValue()));
    List<Path> ours =
        KernelSpecPath.folders(
            List.of(),
            variables(),
            Path.of(System.getProperty("user.home")),
            System.getProperty("os.name"),
            Optional.of(python),
            true);
    // A virtual environment has no user site, where plain Python looks as well.
    assertThat(ours.stream().map(Path::toString)).containsSubsequence(theirs);
  }

  private static Map<String, String> variables() {
    return Map.of("JUPYTER_PATH", "/one:/two", "JUPYTER_DATA_DIR", directory + "/data");
  }

  private static JsonNode ask(String kind, UnaryOperator<ObjectNode> fill) throws IOException {
    ObjectNode request = fill.apply(MAPPER.createObjectNode().put("kind", kind));
    requests.write((MAPPER.writeValueAsString(request) + "\n").getBytes(UTF_8));
    requests.flush();
    return MAPPER.readTree(Objects.requireNonNull(answers.readLine(), "the peer has ended"));
  }

  /** Compared by value: Python writes numbers and escapes in its own spelling. */
  private static String normal(byte[] json) throws IOException {
    // Given as text: from bytes Jackson refuses lone surrogates, which Python and browsers take.
    return normal(MAPPER.readTree(new String(json, UTF_8)));
  }

  private static String normal(JsonNode node) {
    StringBuilder text = new StringBuilder();
    if (node.isObject()) {
      node.properties()
          .forEach(
              e -> text.append(e.getKey()).append('=').append(normal(e.getValue())).append(';'));
      return "{" + text + "}";
    }
    if (node.isArray()) {
      node.forEach(value -> text.append(normal(value)).append(';'));
      return "[" + text + "]";
    }
    return node.isNumber() ? Double.toString(node.doubleValue() + 0.0) : node.toString();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
