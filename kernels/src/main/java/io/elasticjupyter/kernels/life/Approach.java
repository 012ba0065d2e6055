// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

/** How a kernel's process is approached. */
enum Approach {
  /** It was started now; nothing is sent before it answers. */
  AWAIT_FIRST_ANSWER,
  /** It was brought back from its image now: it answers soon, or is of no use. */
  AWAIT_BROUGHT_BACK,
  /** It answered before and may be busy; what was in flight may be answered yet. */
  RECONNECT
}
