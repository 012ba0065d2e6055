// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.objects;

import java.net.URI;
import java.util.Locale;

/**
 * Which S3-compatible store, and where in it.
 *
 * @param endpoint its http or https address, perhaps with a path
 * @param prefix of the names of all objects; empty, or with a slash at its end
 * @param pathStyle whether the bucket is the first part of the path, as most stores but Amazon's
 *     want it, and not of the host's name
 */
public record ObjectStoreSettings(
    URI endpoint,
    String bucket,
    String prefix,
    String region,
    boolean pathStyle,
    Credentials credentials) {

  /** A key of the store. */
  public record Credentials(String accessKey, String secretKey) {

    /** Without the secret, since records are logged now and then. */
    @Override
    public String toString() {
      return "Credentials[accessKey=" + accessKey + "]";
    }
  }

  public ObjectStoreSettings {
    prefix = prefix.replaceAll("^/+|/+$", "");
    prefix = prefix.isEmpty() ? prefix : prefix + "/";
  }

  /** Scheme, host and port of every request. */
  URI origin() {
    return URI.create(endpoint.getScheme().toLowerCase(Locale.ROOT) + "://" + host());
  }

  /** What the header {@code Host} says: the port only where it is not the scheme's own. */
  String host() {
    String name = pathStyle ? endpoint.getHost() : bucket + "." + endpoint.getHost();
    boolean usual =
        endpoint.getPort() < 0
            || endpoint.getPort() == (endpoint.getScheme().equalsIgnoreCase("https") ? 443 : 80);
    return usual ? name : name + ":" + endpoint.getPort();
  }

  /** The path of an object, or of the bucket for an empty key; not encoded. */
  String path(String key) {
    String base = endpoint.getPath() == null ? "" : endpoint.getPath().replaceAll("/+$", "");
    return pathStyle ? base + "/" + bucket + (key.isEmpty() ? "" : "/" + key) : base + "/" + key;
  }
}
