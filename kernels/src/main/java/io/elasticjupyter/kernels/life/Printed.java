// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elasticjupyter.wire.json.PooledJson;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.MessageHeader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a kernel prints to stdout for the gateway's own question, until it says that it is idle; the
 * end of it where it is very much. Safe for any thread.
 */
final class Printed {

  private static final System.Logger LOG = System.getLogger(Printed.class.getName());
  private static final JsonMapper JSON = PooledJson.mapper().build();

  /** A report names variables; nothing else that is printed is of use. */
  private static final int MOST_CHARACTERS = 16 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final StringBuilder text = new StringBuilder();
  private final CountDownLatch idle = new CountDownLatch(1);

  /** Takes in what the kernel publishes for the question. */
  void said(JupyterMessage message) {
    try {
      JsonNode content = JSON.readTree(message.content());
      switch (MessageHeader.parse(message.header()).msgType()) {
        case "stream" -> {
          if (content.path("name").asText().equals("stdout")) {
            add(content.path("text").asText());
          }
        }
        case "status" -> {
          if (content.path("execution_state").asText().equals("idle")) {
            idle.countDown();
          }
        }
        default -> {
          // A result that is shown, or an error, which the reply tells as well.
        }
      }
    } catch (IOException | MessageException e) {
      LOG.log(Level.WARNING, "event=output-unreadable reason={0}", e.toString());
    }
  }

  private void add(String more) {
    lock.lock();
    try {
      text.append(more);
      if (text.length() > MOST_CHARACTERS) {
        text.delete(0, text.length() - MOST_CHARACTERS);
      }
    } finally {
      lock.unlock();
    }
  }

  /** All of it; what comes later than that long after the reply does not count. */
  String await(Duration patience) throws InterruptedException {
    if (!idle.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.log(Level.WARNING, "event=output-end-missing");
    }
    lock.lock();
    try {
      return text.toString();
    } finally {
      lock.unlock();
    }
  }
}
