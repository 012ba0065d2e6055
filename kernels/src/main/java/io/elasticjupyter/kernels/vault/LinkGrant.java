// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace.Use;
import io.elasticjupyter.kernels.objects.ObjectStore;
import io.elasticjupyter.kernels.objects.SignedLink;
import io.elasticjupyter.wire.json.PooledJson;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Links to the objects of one generation of one kernel, and to its blobs: {@code POST} of {@code
 * {"method": "PUT", "size": 5, "sha256": "…"}}, {@code {"method": "GET"}} or {@code {"method":
 * "HEAD"}} is answered with {@code {"target": "/path?query", "headers": {…}}}. The store is not
 * asked for it.
 */
final class LinkGrant implements Granted {

  private static final int LARGEST_QUESTION = 4_096;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final JsonMapper JSON = PooledJson.mapper().build();

  private final ObjectStore store;
  private final String root;
  private final String generation;
  private final Use use;
  private final AtomicLong left;

  /** What each object that a link was given for may take. */
  private final Map<String, Long> charged = new ConcurrentHashMap<>();

  /**
   * @param root what the keys of the kernel's objects begin with
   * @param generation the one that is saved or restored
   * @param most bytes that may be written
   */
  LinkGrant(ObjectStore store, String root, int generation, Use use, long most) {
    this.store = store;
    this.root = root;
    this.generation = SnapshotObjects.folder(generation) + "/";
    this.use = use;
    this.left = new AtomicLong(most);
  }

  @Override
  public void answer(KernelRequest request) throws IOException {
    if (!request.method().equals("POST")) {
      request.refuse(405, "Allowed here: POST, which asks for a link.");
      return;
    }
    if (!SnapshotObjects.isName(request.name())) {
      request.refuse(404, "No object of a snapshot in the store can have this name.");
      return;
    }
    if (!request.name().startsWith(generation)
        && !request.name().startsWith(SnapshotObjects.BLOBS)) {
      request.refuse(403, "This token is for another generation.");
      return;
    }
    JsonNode question;
    try {
      question = JSON.readTree(request.body().readNBytes(LARGEST_QUESTION));
    } catch (IOException e) {
      request.refuse(400, "The question is no JSON.");
      return;
    }
    switch (question.path("method").asText()) {
      case "PUT" -> put(request, question.path("size").asLong(-1), question.path("sha256"));
      case "GET" -> tell(request, store.link("GET", root + request.name()));
      case "HEAD" -> tell(request, store.link("HEAD", root + request.name()));
      default -> request.refuse(400, "Links are for GET, HEAD and PUT.");
    }
  }

  private void put(KernelRequest request, long size, JsonNode digest) throws IOException {
    String name = request.name();
    String sha256 = digest.asText();
    if (use != Use.SAVE) {
      request.refuse(403, "This token is for restoring.");
    } else if (size < 0 || !SHA256.matcher(sha256).matches()) {
      request.refuse(400, "The size or the SHA-256 of the object is missing.");
    } else if (name.startsWith(SnapshotObjects.BLOBS)
        && !name.equals(SnapshotObjects.BLOBS + sha256 + "-" + size)) {
      request.refuse(400, "A blob is named by its content.");
    } else if (size > ObjectStore.LARGEST_OBJECT) {
      request.refuse(
          413,
          "one part of it has %,d bytes, and an object store takes at most 5 GiB in one piece."
              .formatted(size));
    } else if (!charge(name, size)) {
      request.refuse(413, "The snapshot is larger than this gateway allows.");
    } else {
      tell(request, store.linkToPut(root + name, size, sha256));
    }
  }

  /** Asked for again, an object costs what it is larger now. */
  private boolean charge(String name, long size) {
    Long now =
        charged.compute(
            name,
            (_, before) -> {
              long more = size - (before == null ? 0 : before);
              if (more <= 0) {
                return before;
              }
              if (left.addAndGet(-more) < 0) {
                left.addAndGet(more);
                return before;
              }
              return size;
            });
    return now != null && now >= size;
  }

  private static void tell(KernelRequest request, SignedLink link) throws IOException {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("target", link.target());
    link.headers().forEach(answer.putObject("headers")::put);
    request.tell(JSON.writeValueAsBytes(answer));
  }
}
