// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.audience;

import io.elasticjupyter.wire.message.JupyterMessage;

/** Puts into words, for the notebook, what the log has to tell its reader. */
@FunctionalInterface
public interface NoticeWriter {

  /** A message that says how much output a limit took away. */
  JupyterMessage missing(long messages, long bytes);
}
