// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.zmtp;

import io.elasticjupyter.testkit.ProcessUnderTest;
import io.elasticjupyter.testkit.PythonEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** libzmq in a process of its own, by way of pyzmq. */
final class LibzmqPeer implements InteropPeer {

  private final ProcessUnderTest process;
  private final List<ZmtpAddress> addresses;

  private LibzmqPeer(ProcessUnderTest process, List<ZmtpAddress> addresses) {
    this.process = process;
    this.addresses = addresses;
  }

  static LibzmqPeer start(Path folder, int heartbeatMillis, List<String> endpoints)
      throws IOException {
    Path script = folder.resolve("libzmq_peer.py");
    try (InputStream source =
        Objects.requireNonNull(LibzmqPeer.class.getResourceAsStream("libzmq_peer.py"))) {
      Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
    }
    ProcessUnderTest process =
        ProcessUnderTest.start(
            "libzmq peer",
            folder,
            Map.of(),
            List.of(
                PythonEnvironment.get().python().toString(),
                script.toString(),
                Integer.toString(heartbeatMillis),
                endpoints.get(0),
                endpoints.get(1),
                endpoints.get(2)));
    String ready = process.awaitLine(line -> line.startsWith("ready "), Duration.ofSeconds(60));
    String[] words = ready.split(" ", -1);
    return new LibzmqPeer(
        process,
        List.of(Endpoints.parse(words[1]), Endpoints.parse(words[2]), Endpoints.parse(words[3])));
  }

  @Override
  public ZmtpAddress router() {
    return addresses.get(0);
  }

  @Override
  public ZmtpAddress pub() {
    return addresses.get(1);
  }

  @Override
  public ZmtpAddress xpub() {
    return addresses.get(2);
  }

  @Override
  public void close() {
    process.close();
  }
}
