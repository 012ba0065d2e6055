// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.json;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Jackson for programs on virtual threads. Its default keeps the buffers of each parse in a thread
 * local, which is one set for each virtual thread that ever saw JSON: about 50 KB per idle kernel.
 * These share a few sets.
 */
public final class PooledJson {

  private static final int SETS = 16;

  private PooledJson() {}

  /** A builder whose mapper is safe for any thread. */
  public static JsonMapper.Builder mapper() {
    return JsonMapper.builder(factory().build());
  }

  /** The factory below such a mapper, for whoever sets limits of the reader as well. */
  public static JsonFactoryBuilder factory() {
    JsonFactoryBuilder builder = new JsonFactoryBuilder();
    builder.recyclerPool(JsonRecyclerPools.newBoundedPool(SETS));
    return builder;
  }
}
