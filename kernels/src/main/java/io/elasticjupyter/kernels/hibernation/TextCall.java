// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text of the kernelspec that saves, or restores, the session of a language without the helper.
 * It runs without history but not silently, since kernels hand on nothing that a silent request
 * prints. Its last line on stdout is its report, the JSON of decision 16.
 */
public final class TextCall implements SnapshotCall {

  /** Of a path or address, so that it can stand inside a string of any language. */
  private static final Pattern PLAIN = Pattern.compile("[\\w./:~+=@%, -]*");

  private static final int QUOTED = 200;

  private final String text;
  private final boolean saves;
  private final SnapshotPlace.FileAccess access;
  private final SessionFile file;
  private final long maxBytes;
  private final @Nullable String digest;
  private final boolean handsOver;
  private final boolean checksCertificate;

  private TextCall(
      SavingMeans.Texts texts,
      SnapshotPlace.FileAccess access,
      SessionFile file,
      long maxBytes,
      @Nullable String digest) {
    this.saves = digest == null;
    this.text = saves ? texts.save() : texts.restore();
    this.handsOver = texts.handOver();
    this.checksCertificate = texts.checkCertificate();
    this.access = access;
    this.file = file;
    this.maxBytes = maxBytes;
    this.digest = digest;
  }

  /** Saves to a generation. */
  public static TextCall save(
      SavingMeans.Texts texts,
      SnapshotPlace.FileAccess access,
      SnapshotKeys keys,
      KernelId kernel,
      int generation,
      long maxBytes) {
    SessionFile file =
        new SessionFile(access.file(), keys.of(kernel, generation), kernel, generation);
    return new TextCall(texts, access, file, maxBytes, null);
  }

  /** Restores from the snapshot that is pinned. */
  public static TextCall restore(
      SavingMeans.Texts texts,
      SnapshotPlace.FileAccess access,
      SnapshotKeys keys,
      KernelId kernel,
      Snapshot snapshot) {
    int generation = snapshot.generation();
    SessionFile file =
        new SessionFile(access.file(), keys.of(kernel, generation), kernel, generation);
    return new TextCall(texts, access, file, Long.MAX_VALUE, snapshot.digest());
  }

  @Override
  public Optional<HelperAnswer.Failed> objection() {
    if (!access.url().isEmpty() && !handsOver) {
      return Optional.of(
          new HelperAnswer.Failed(
              "unsupported",
              "The kernelspec's texts for saving and restoring know only a file of the kernel's own"
                  + " machine, which goes with it. Here they have to hand it over: to put it to"
                  + " @URL@, and get it from there, with the token @TOKEN@."));
    }
    if (!access.certificate().isEmpty() && !checksCertificate) {
      return Optional.of(
          new HelperAnswer.Failed(
              "unsupported",
              "The kernelspec's texts for saving and restoring hand the session over, with a token,"
                  + " to whoever answers. Here they have to speak TLS, and to trust the certificate"
                  + " @CERTIFICATE@ alone."));
    }
    for (String place : List.of(access.path(), access.url())) {
      if (!PLAIN.matcher(place).matches()) {
        return Optional.of(
            new HelperAnswer.Failed(
                "unsupported",
                place + " has characters that cannot stand in a text of every language."));
      }
    }
    return digest == null ? Optional.empty() : unfit(digest);
  }

  private Optional<HelperAnswer.Failed> unfit(String wanted) {
    try {
      file.check(wanted);
      return Optional.empty();
    } catch (SessionFile.Unfit e) {
      return Optional.of(e.failed());
    } catch (IOException e) {
      return Optional.of(store(e));
    }
  }

  private static HelperAnswer.Failed store(IOException e) {
    return new HelperAnswer.Failed("store", "What is saved cannot be read or written: " + e);
  }

  @Override
  public Channel channel() {
    return Channel.SHELL;
  }

  @Override
  public ObjectNode content() {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content.put(
        "code",
        text.replace(SavingMeans.PATH, access.path())
            .replace(SavingMeans.URL, access.url())
            .replace(SavingMeans.TOKEN, access.token())
            .replace(SavingMeans.CERTIFICATE, access.certificate()));
    content.put("silent", false);
    content.put("store_history", false);
    content.put("allow_stdin", false);
    content.put("stop_on_error", false);
    content.putObject("user_expressions");
    return content;
  }

  @Override
  public boolean prints() {
    return true;
  }

  @Override
  public HelperAnswer read(JupyterMessage reply, String printed) {
    JsonNode content;
    try {
      content = HelperAnswer.JSON.readTree(reply.content());
    } catch (IOException e) {
      return failed("text-failed", "was answered with something else than JSON: " + e.getMessage());
    }
    if (!content.path("status").asText().equals("ok")) {
      return failed(
          "text-failed",
          "failed: %s %s"
              .formatted(
                  content.path("ename").asText(content.path("status").asText("no status")),
                  content.path("evalue").asText()));
    }
    Optional<JsonNode> report = report(printed);
    if (report.isEmpty()) {
      return failed(
          "no-report",
          printed.isBlank()
              ? "printed no report."
              : "printed something else than its report: " + quoted(printed.strip()));
    }
    HelperAnswer answer = HelperAnswer.read(report.get());
    return switch (answer) {
      case HelperAnswer.Failed failed -> failed;
      case HelperAnswer.Saved saved when saves -> seal(saved);
      case HelperAnswer.Restored restored when !saves -> restored;
      case HelperAnswer.Saved _,
          HelperAnswer.Restored _,
          HelperAnswer.Probed _,
          HelperAnswer.Cancelled _ ->
          failed("no-report", "printed the report of something else.");
    };
  }

  private HelperAnswer seal(HelperAnswer.Saved saved) {
    try {
      SessionFile.Sealed sealed = file.seal(maxBytes);
      return new HelperAnswer.Saved(sealed.digest(), saved.report().ofBytes(sealed.size()));
    } catch (SessionFile.Unfit e) {
      return e.failed();
    } catch (IOException e) {
      return store(e);
    }
  }

  private HelperAnswer.Failed failed(String code, String what) {
    return new HelperAnswer.Failed(
        code, "The kernelspec's text for %s %s".formatted(saves ? "saving" : "restoring", what));
  }

  private static String quoted(String printed) {
    return printed.length() <= QUOTED
        ? printed
        : "…" + printed.substring(printed.length() - QUOTED);
  }

  /** What a package prints when it is loaded may stand before it. */
  private static Optional<JsonNode> report(String printed) {
    String stripped = printed.strip();
    String last = stripped.substring(stripped.lastIndexOf('\n') + 1);
    try {
      return Optional.ofNullable(HelperAnswer.JSON.readTree(last)).filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  @Override
  public void end() {
    access.end();
  }
}
