// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import io.elasticjupyter.gateway.config.AuthConfig;
import io.elasticjupyter.gateway.config.ChannelsConfig;
import io.elasticjupyter.gateway.config.CorsConfig;
import io.elasticjupyter.gateway.config.GatewayConfig;
import io.elasticjupyter.gateway.config.HttpLimitsConfig;
import io.elasticjupyter.gateway.config.KernelAccessConfig;
import io.elasticjupyter.gateway.config.KernelEnvironmentConfig;
import io.elasticjupyter.gateway.config.ListenConfig;
import io.elasticjupyter.gateway.config.RedactionConfig;
import io.elasticjupyter.gateway.config.TlsConfig;
import java.nio.file.Path;
import java.util.Optional;

/** Builds settings for tests: a free port on loopback, everything else as the test says. */
public final class Configs {

  private String basePath = "/";
  private Optional<TlsConfig> tls = Optional.empty();
  private AuthConfig auth = AuthConfig.defaults();
  private CorsConfig cors = CorsConfig.defaults();
  private KernelAccessConfig access = KernelAccessConfig.defaults();
  private KernelEnvironmentConfig environment = KernelEnvironmentConfig.defaults();
  private ChannelsConfig channels = ChannelsConfig.defaults();
  private HttpLimitsConfig limits = HttpLimitsConfig.defaults();
  private Optional<Path> stateDirectory = Optional.empty();

  public static Configs config() {
    return new Configs();
  }

  public Configs basePath(String value) {
    basePath = value;
    return this;
  }

  public Configs tls(TlsConfig value) {
    tls = Optional.of(value);
    return this;
  }

  public Configs token(String value) {
    auth = new AuthConfig(Optional.of(value));
    return this;
  }

  public Configs cors(CorsConfig value) {
    cors = value;
    return this;
  }

  public Configs access(KernelAccessConfig value) {
    access = value;
    return this;
  }

  public Configs environment(KernelEnvironmentConfig value) {
    environment = value;
    return this;
  }

  public Configs channels(ChannelsConfig value) {
    channels = value;
    return this;
  }

  public Configs limits(HttpLimitsConfig value) {
    limits = value;
    return this;
  }

  public Configs stateDirectory(Path value) {
    stateDirectory = Optional.of(value);
    return this;
  }

  public GatewayConfig build() {
    return new GatewayConfig(
        new ListenConfig("127.0.0.1", 0, 0, basePath, false),
        tls,
        auth,
        cors,
        access,
        environment,
        channels,
        limits,
        RedactionConfig.defaults(),
        stateDirectory);
  }
}
