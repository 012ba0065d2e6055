// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.callback.AnswerRefused.Reason;
import io.elasticjupyter.wire.connection.ConnectionInfo;
import io.elasticjupyter.wire.connection.Transport;
import io.elasticjupyter.wire.json.PooledJson;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.Signer;
import java.io.IOException;

/**
 * How a kernel is reached, in its launcher's own words, but for the address: that is its Pod's.
 *
 * @param connection with the address {@code 0.0.0.0}
 * @param signalPort where its launcher takes signals; 0 where it takes none
 */
public record KernelAnswer(KernelId kernel, ConnectionInfo connection, int signalPort) {

  private static final JsonMapper MAPPER = PooledJson.mapper().build();
  private static final String ANY_ADDRESS = "0.0.0.0";
  private static final int HIGHEST_PORT = 65_535;

  /** Where the kernel is reached in the Pod of this address. */
  public ConnectionInfo at(String address) {
    return new ConnectionInfo(
        connection.transport(),
        address,
        connection.shellPort(),
        connection.iopubPort(),
        connection.stdinPort(),
        connection.controlPort(),
        connection.hbPort(),
        connection.key(),
        connection.signatureScheme(),
        connection.kernelName());
  }

  /**
   * Reads the document that launchers send.
   *
   * @param kernel in the place of the id in the document, which old launchers leave out
   */
  static KernelAnswer parse(byte[] document, KernelId kernel) throws AnswerRefused {
    return parse(tree(document), kernel);
  }

  static KernelAnswer parse(byte[] document) throws AnswerRefused {
    JsonNode json = tree(document);
    KernelId kernel =
        KernelId.parse(text(json, "kernel_id", ""))
            .orElseThrow(() -> new AnswerRefused(Reason.NO_CONNECTION_FILE));
    return parse(json, kernel);
  }

  private static JsonNode tree(byte[] document) throws AnswerRefused {
    try {
      JsonNode json = MAPPER.readTree(document);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (IOException _) {
      // Jackson's words quote the document, and so perhaps the key.
    }
    throw new AnswerRefused(Reason.NO_CONNECTION_FILE);
  }

  private static KernelAnswer parse(JsonNode json, KernelId kernel) throws AnswerRefused {
    String transport = text(json, "transport", "tcp");
    String key = text(json, "key", "");
    // Without a key anybody in the cluster could run code in the kernel.
    if (!transport.equals("tcp") || key.isEmpty() || json.hasNonNull("curve_publickey")) {
      throw new AnswerRefused(Reason.NO_CONNECTION_FILE);
    }
    ConnectionInfo connection =
        new ConnectionInfo(
            Transport.TCP,
            ANY_ADDRESS,
            port(json, "shell_port"),
            port(json, "iopub_port"),
            port(json, "stdin_port"),
            port(json, "control_port"),
            port(json, "hb_port"),
            key,
            signatureScheme(json, key),
            text(json, "kernel_name", ""));
    return new KernelAnswer(
        kernel, connection, json.hasNonNull("comm_port") ? port(json, "comm_port") : 0);
  }

  private static String text(JsonNode json, String field, String fallback) throws AnswerRefused {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isTextual()) {
      throw new AnswerRefused(Reason.NO_CONNECTION_FILE);
    }
    return value.textValue();
  }

  private static int port(JsonNode json, String field) throws AnswerRefused {
    JsonNode value = json.path(field);
    if (!value.isInt() || value.intValue() < 1 || value.intValue() > HIGHEST_PORT) {
      throw new AnswerRefused(Reason.NO_CONNECTION_FILE);
    }
    return value.intValue();
  }

  private static String signatureScheme(JsonNode json, String key) throws AnswerRefused {
    String scheme = text(json, "signature_scheme", Signer.DEFAULT_SCHEME);
    try {
      Signer.of(scheme, key.getBytes(UTF_8));
      return scheme;
    } catch (MessageException _) {
      throw new AnswerRefused(Reason.NO_CONNECTION_FILE);
    }
  }

  /** The document again, as {@link #parse} reads it. */
  byte[] document() {
    return MAPPER
        .createObjectNode()
        .put("kernel_id", kernel.value())
        .put("transport", connection.transport().wireName())
        .put("shell_port", connection.shellPort())
        .put("iopub_port", connection.iopubPort())
        .put("stdin_port", connection.stdinPort())
        .put("control_port", connection.controlPort())
        .put("hb_port", connection.hbPort())
        .put("key", connection.key())
        .put("signature_scheme", connection.signatureScheme())
        .put("kernel_name", connection.kernelName())
        .put("comm_port", signalPort == 0 ? null : signalPort)
        .toString()
        .getBytes(UTF_8);
  }
}
