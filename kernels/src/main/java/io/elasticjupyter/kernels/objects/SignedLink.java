// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.objects;

import java.util.Map;

/**
 * One request that whoever has this may make for a while.
 *
 * @param target path and query, at the store's origin
 * @param headers to be sent with it as they are
 */
public record SignedLink(String target, Map<String, String> headers) {

  public SignedLink {
    headers = Map.copyOf(headers);
  }
}
