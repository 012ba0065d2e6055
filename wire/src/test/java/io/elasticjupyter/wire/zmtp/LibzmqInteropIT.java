// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite against libzmq, which ipykernel and most other kernels are built on. */
final class LibzmqInteropIT extends InteropSuite {

  @Override
  InteropPeer start(Path folder, int heartbeatMillis, List<String> endpoints) throws IOException {
    return LibzmqPeer.start(folder, heartbeatMillis, endpoints);
  }

  /** Not in the suite: what JeroMQ calls ipc is a TCP port that it computes from the name. */
  @Test
  void unixSocketsServeBothTypes(@TempDir Path folder) throws Exception {
    subscribeAndPublish(
        Stream.of("r", "p", "x").map(name -> "ipc://" + folder.resolve(name)).toList());
  }

  @Test
  void aPeerThatIsKilledInsideAMessageDeliversNone(@TempDir Path folder) throws IOException {
    try (InteropPeer peer = start(folder, 0, TCP);
        ZmtpSocket socket = dealer(peer, "bereft")) {
      socket.send(parts("BIG_AND_DIE", "300000000"));

      assertThatExceptionOfType(ZmtpException.Closed.class)
          .isThrownBy(socket::receive)
          .matches(closed -> closed.how() != ZmtpException.Closed.How.HERE);
      assertThatExceptionOfType(ZmtpException.Closed.class)
          .isThrownBy(() -> socket.send(parts("WHO")));
    }
  }
}
