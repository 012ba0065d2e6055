// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * All that the gateway needs to be told. {@link #defaults()} is a gateway on loopback, without a
 * token, that keeps its sessions in memory.
 *
 * @param listen where it listens
 * @param tls HTTPS instead of HTTP where present
 * @param auth who may ask
 * @param cors what browsers of other origins may do
 * @param access which kernels whom
 * @param environment what reaches a kernel's environment
 * @param channels the kernels' websockets
 * @param limits what one request may cost
 * @param redaction what logs must not show
 * @param stateDirectory where sessions are kept over a restart; empty keeps them in memory only
 */
public record GatewayConfig(
    ListenConfig listen,
    Optional<TlsConfig> tls,
    AuthConfig auth,
    CorsConfig cors,
    KernelAccessConfig access,
    KernelEnvironmentConfig environment,
    ChannelsConfig channels,
    HttpLimitsConfig limits,
    RedactionConfig redaction,
    Optional<Path> stateDirectory) {

  public static GatewayConfig defaults() {
    return new GatewayConfig(
        ListenConfig.defaults(),
        Optional.empty(),
        AuthConfig.defaults(),
        CorsConfig.defaults(),
        KernelAccessConfig.defaults(),
        KernelEnvironmentConfig.defaults(),
        ChannelsConfig.defaults(),
        HttpLimitsConfig.defaults(),
        RedactionConfig.defaults(),
        Optional.empty());
  }
}
