// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.wire.json.PooledJson;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Locale;

/**
 * A call to the helper that saves and restores variables inside a kernel. The helper comes with
 * each call, as the one user expression of a silent request without code, so that a kernel's image
 * needs nothing of ours and the user's history and counts stay as they are.
 *
 * @param channel control for what must be heard while the kernel's main thread works
 * @param content of an {@code execute_request}
 * @param access the helper's right to the place where snapshots are kept; ended with the call
 */
public record HelperCall(Channel channel, ObjectNode content, SnapshotPlace.Access access)
    implements SnapshotCall {

  /** The name of the user expression. */
  static final String EXPRESSION = "snapshot";

  private static final String RESOURCE = "elastic_snapshot.packed.py";
  private static final JsonMapper JSON = PooledJson.mapper().build();

  private enum Name {
    SAVE,
    RESTORE,
    PROBE,
    CANCEL,
    LEAVE
  }

  /** Asks what the kernel does although no cell runs. */
  public static HelperCall probe() {
    return of(Channel.SHELL, Name.PROBE, object(), () -> {});
  }

  /** Ends a save that goes on; the save answers that it was cancelled. */
  public static HelperCall cancel() {
    return of(Channel.CONTROL, Name.CANCEL, object(), () -> {});
  }

  /**
   * Ends the kernel's process on the spot. A Pod's first process takes no SIGTERM, and would stay
   * until its time of grace is over.
   */
  public static HelperCall leave() {
    return of(Channel.CONTROL, Name.LEAVE, object(), () -> {});
  }

  public static HelperCall save(ObjectNode request, SnapshotPlace.Access access) {
    return of(Channel.SHELL, Name.SAVE, request, access);
  }

  public static HelperCall restore(ObjectNode request, SnapshotPlace.Access access) {
    return of(Channel.SHELL, Name.RESTORE, request, access);
  }

  @Override
  public HelperAnswer read(JupyterMessage reply, String printed) {
    return access.checked(HelperAnswer.of(reply));
  }

  @Override
  public void end() {
    access.end();
  }

  private static HelperCall of(
      Channel channel, Name name, ObjectNode request, SnapshotPlace.Access access) {
    ObjectNode content = object();
    content.put("code", "");
    content.put("silent", true);
    content.put("store_history", false);
    content.put("allow_stdin", false);
    content.put("stop_on_error", false);
    content
        .putObject("user_expressions")
        .put(
            EXPRESSION,
            Packed.TEXT
                .replace("@CALL@", name.name().toLowerCase(Locale.ROOT))
                .replace("@REQUEST@", Base64.getEncoder().encodeToString(bytes(request))));
    return new HelperCall(channel, content, access);
  }

  private static byte[] bytes(ObjectNode request) {
    try {
      return JSON.writeValueAsBytes(request);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings and numbers can always be written", e);
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Read when it is needed first: most runs of a gateway begin without it. */
  private static final class Packed {

    static final String TEXT = read();

    private static String read() {
      try (InputStream in = HelperCall.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new IllegalStateException("the build left out " + RESOURCE);
        }
        return new String(in.readAllBytes(), US_ASCII);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
