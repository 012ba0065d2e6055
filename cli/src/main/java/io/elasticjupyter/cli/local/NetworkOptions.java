// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.gateway.config.HttpLimitsConfig;
import io.elasticjupyter.gateway.config.ListenConfig;
import io.elasticjupyter.gateway.config.TlsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where the gateway listens, TLS, and what one connection may cost. */
final class NetworkOptions {

  static final Setting<String> IP =
      Setting.of(
          "--ip",
          Shape.one("ADDRESS"),
          "127.0.0.1",
          ValueReaders::word,
          "Address to listen on. Anything but loopback lets other machines in: keep a token then.");

  static final Setting<Integer> PORT =
      Setting.of(
          "--port",
          Shape.one("PORT"),
          "8888",
          ValueReaders.number(0, 65_535),
          "Port to listen on. 0 takes any free one and prints {\"url\",\"token\",\"pid\"} as JSON on"
              + " the first line of standard output.");

  static final Setting<Integer> PORT_RETRIES =
      Setting.of(
          "--port-retries",
          Shape.one("COUNT"),
          "50",
          ValueReaders.number(0, 65_535),
          "How many ports above --port are tried when it is taken.");

  static final Setting<String> BASE_URL =
      Setting.of(
          "--base-url",
          Shape.one("PATH"),
          "/",
          ValueReaders::word,
          "Path in front of every route, such as /gateway.");

  static final Setting<Boolean> TRUST_XHEADERS =
      Setting.of(
          "--trust-xheaders",
          Shape.flag(),
          "false",
          ValueReaders::flag,
          "Believe the X-Forwarded-* headers. Only behind a proxy that sets them itself.");

  static final Setting<Optional<Path>> CERTFILE =
      Setting.of(
          "--certfile",
          Shape.one("FILE"),
          "",
          ValueReaders::optionalPath,
          "Serve HTTPS with this certificate (PEM, its chain behind it). Needs --keyfile.");

  static final Setting<Optional<Path>> KEYFILE =
      Setting.of(
          "--keyfile",
          Shape.one("FILE"),
          "",
          ValueReaders::optionalPath,
          "Private key of --certfile (PEM, without a password).");

  static final Setting<Optional<Path>> CLIENT_CA =
      Setting.of(
          "--client-ca",
          Shape.one("FILE"),
          "",
          ValueReaders::optionalPath,
          "Only let in clients whose certificate one of these signed (PEM).");

  static final Setting<Optional<String>> AUTHORIZED_ORIGIN =
      Setting.of(
          "--authorized-origin",
          Shape.one("NAME"),
          "",
          ValueReaders::optionalText,
          "Name that a client's certificate must carry. Needs --client-ca.");

  static final Setting<Long> MAX_BODY_BYTES =
      Setting.of(
          "--max-body-bytes",
          Shape.one("SIZE"),
          "1M",
          ValueReaders::bytes,
          "Largest body of an HTTP request; a larger one is answered with 413.");

  static final Setting<Long> MAX_HEADER_BYTES =
      Setting.of(
          "--max-header-bytes",
          Shape.one("SIZE"),
          "32K",
          ValueReaders::bytes,
          "Largest request line with headers; more is answered with 431.");

  static final Setting<Duration> REQUEST_TIMEOUT =
      Setting.of(
          "--request-timeout",
          Shape.one("SECONDS"),
          "20",
          ValueReaders::seconds,
          "How long a request may take to arrive, however slowly it drips.");

  static final Setting<Duration> IDLE_TIMEOUT =
      Setting.of(
          "--idle-timeout",
          Shape.one("SECONDS"),
          "60",
          ValueReaders::seconds,
          "How long an HTTP connection may stay open between two requests.");

  static final Setting<Integer> MAX_CONNECTIONS =
      Setting.of(
          "--max-connections",
          Shape.one("COUNT"),
          "10000",
          ValueReaders.number(1, Integer.MAX_VALUE),
          "Connections at a time, websockets included; more wait in the system's queue.");

  static final SettingGroup LISTENING =
      new SettingGroup("Listening", List.of(IP, PORT, PORT_RETRIES, BASE_URL, TRUST_XHEADERS));

  static final SettingGroup TLS =
      new SettingGroup("TLS", List.of(CERTFILE, KEYFILE, CLIENT_CA, AUTHORIZED_ORIGIN));

  static final SettingGroup LIMITS =
      new SettingGroup(
          "Limits of a connection",
          List.of(
              MAX_BODY_BYTES, MAX_HEADER_BYTES, REQUEST_TIMEOUT, IDLE_TIMEOUT, MAX_CONNECTIONS));

  private NetworkOptions() {}

  static ListenConfig listen(Values values) {
    return new ListenConfig(
        values.get(IP),
        values.get(PORT),
        values.get(PORT_RETRIES),
        values.get(BASE_URL),
        values.get(TRUST_XHEADERS));
  }

  static Optional<TlsConfig> tls(Values values) throws Values.Unusable {
    Optional<Path> certificate = values.get(CERTFILE);
    Optional<Path> key = values.get(KEYFILE);
    if (certificate.isPresent() != key.isPresent()) {
      throw new Values.Unusable(
          List.of("--certfile and --keyfile belong together: give both or none"));
    }
    if (values.get(AUTHORIZED_ORIGIN).isPresent() && values.get(CLIENT_CA).isEmpty()) {
      throw new Values.Unusable(
          List.of("--authorized-origin needs --client-ca, or no client shows a certificate"));
    }
    if (certificate.isEmpty() || key.isEmpty()) {
      if (values.get(CLIENT_CA).isPresent()) {
        throw new Values.Unusable(List.of("--client-ca needs --certfile and --keyfile"));
      }
      return Optional.empty();
    }
    return Optional.of(
        new TlsConfig(
            certificate.get(), key.get(), values.get(CLIENT_CA), values.get(AUTHORIZED_ORIGIN)));
  }

  static HttpLimitsConfig limits(Values values) {
    return new HttpLimitsConfig(
        clamp(values.get(MAX_BODY_BYTES)),
        clamp(values.get(MAX_HEADER_BYTES)),
        values.get(REQUEST_TIMEOUT),
        values.get(IDLE_TIMEOUT),
        values.get(MAX_CONNECTIONS));
  }

  /** Sizes that an array can have; more than that can never be used. */
  static int clamp(long bytes) {
    return (int) Math.min(bytes, Integer.MAX_VALUE - 1024L);
  }
}
