// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditLogTest {

  private final List<String> lines = new ArrayList<>();
  private final Logger logger = Logger.getLogger(AuditLog.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord each) {
          lines.add(new SimpleFormatter().formatMessage(each));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private final AuditLog audit = new AuditLog();

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void listenNoMore() {
    logger.removeHandler(handler);
  }

  @Test
  void whatChangesSomethingIsALine() {
    audit.answered(Requests.of("DELETE", "/api/kernels/some-id"), 204);

    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith("event=audit who=token from=")
        .endsWith(" method=DELETE path=/api/kernels/some-id status=204");
  }

  @Test
  void aWebsocketReachesIntoAKernelAndAQuestionDoesNot() {
    audit.answered(Requests.of("GET", "/api/kernels/some-id/channels"), 101);
    audit.answered(Requests.get(Map.of("token", List.of("secret"))), 200);

    assertThat(lines).singleElement().asString().endsWith("/channels status=101");
  }

  @Test
  void aPathCannotMakeALineOfItsOwn() {
    audit.answered(Requests.of("POST", "/api/kernels\nevent=audit who=root path=/ä"), 404);

    assertThat(lines)
        .singleElement()
        .asString()
        .endsWith(" path=/api/kernels?event=audit?who=root?path=/? status=404");
  }
}
