// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.elasticjupyter.bench.load.KernelLink;
import io.elasticjupyter.bench.load.WebSocketLink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway that was started as a process of its own, ours or a peer's. */
final class Gateway implements Running {
  private static final String TOKEN = "bench-token";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Pattern URL = Pattern.compile("\"url\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern PID = Pattern.compile("\"pid\"\\s*:\\s*(\\d+)");

  private final Contender contender;
  private final Process process;
  private final long pid;
  private final GatewayApi api;
  private final Duration readyAfter;

  private Gateway(
      Contender contender, Process process, long pid, GatewayApi api, Duration readyAfter) {
    this.contender = contender;
    this.process = process;
    this.pid = pid;
    this.api = api;
    this.readyAfter = readyAfter;
  }

  static Gateway start(Contender contender, Workbench workbench) throws IOException {
    Path home = workbench.work().resolve(contender.key() + "-" + UUID.randomUUID());
    Files.createDirectories(home);
    GatewayCommand command =
        GatewayCommand.of(contender, workbench, home, TOKEN, new Ports().free(1).getFirst());
    ProcessBuilder builder =
        new ProcessBuilder(command.words())
            .directory(home.toFile())
            .redirectError(home.resolve("gateway.log").toFile());
    builder.environment().putAll(GatewayCommand.environment(workbench, home));
    if (command.port() != 0) {
      builder.redirectOutput(home.resolve("gateway.out").toFile());
    }
    long start = System.nanoTime();
    Process process = builder.start();
    try {
      long pid = process.pid();
      URI address = URI.create("http://127.0.0.1:" + command.port());
      if (command.port() == 0) {
        String line = process.inputReader().readLine();
        if (line == null) {
          throw new IOException("the gateway ended: see " + home.resolve("gateway.log"));
        }
        address = URI.create(find(URL, line));
        pid = Long.parseLong(find(PID, line));
      }
      awaitAnswer(process, address, start, home);
      Duration readyAfter = Duration.ofNanos(System.nanoTime() - start);
      return new Gateway(contender, process, pid, GatewayApi.at(address, TOKEN), readyAfter);
    } catch (IOException | RuntimeException failure) {
      process.destroy();
      throw failure;
    }
  }

  /** The same process under another name: the name decides the framing that clients offer. */
  Gateway as(Contender name) {
    return new Gateway(name, process, pid, api, readyAfter);
  }

  private static String find(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("not found: " + pattern + " in " + text);
    }
    return matcher.group(1);
  }

  private static void awaitAnswer(Process process, URI address, long start, Path home)
      throws IOException {
    while (!answers(address)) {
      if (!process.isAlive() || System.nanoTime() - start > START_LIMIT.toNanos()) {
        throw new IOException("the gateway never answered: see " + home.resolve("gateway.log"));
      }
      pause(Duration.ofMillis(2));
    }
  }

  private static boolean answers(URI address) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()));
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              "GET /api HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: token %s\r\nConnection: close\r\n\r\n"
                  .formatted(address.getPort(), TOKEN)
                  .getBytes(US_ASCII));
      byte[] status = socket.getInputStream().readNBytes(12);
      return new String(status, US_ASCII).endsWith(" 200");
    } catch (IOException notYet) {
      return false;
    }
  }

  private static void pause(Duration duration) throws IOException {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  @Override
  public KernelHandle startKernel(Spec spec) throws IOException {
    return new Handle(this, api.start(spec.directory(), Map.of()));
  }

  private record Handle(Gateway gateway, String id) implements KernelHandle {
    @Override
    public KernelLink connect(WebSocketLink.Options options) throws IOException {
      boolean offerV1 = options.offerV1() && gateway.contender != Contender.OURS_LEGACY;
      return gateway.api.connect(
          id,
          new WebSocketLink.Options(
              options.session(), offerV1, options.quickAcknowledge(), options.receiveBuffer()));
    }

    @Override
    public void stop() throws IOException {
      gateway.api.delete(id);
    }
  }

  @Override
  public Duration readyAfter() {
    return readyAfter;
  }

  @Override
  public Optional<GatewayProcess> process() {
    return Optional.of(new GatewayProcess(pid));
  }

  @Override
  public void close() throws IOException {
    api.close();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
