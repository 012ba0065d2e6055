// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.launch;

import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import io.elasticjupyter.cli.settings.Values;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The launcher's flags, spelled as kernelspecs of existing installations spell them. Their values
 * come from Enterprise Gateway, which replaces the placeholders of a kernelspec's command.
 */
final class LaunchOptions {

  private static final Setting<String> KERNEL_ID =
      proxy("kernel-id", "ID", "KERNEL_ID", "The kernel's id, a UUID.");

  private static final Setting<String> PORT_RANGE =
      proxy(
          "port-range",
          "LOW..HIGH",
          "EG_PORT_RANGE",
          "Ports that the kernel may take; 0..0 is any.");

  private static final Setting<String> RESPONSE_ADDRESS =
      proxy(
          "response-address",
          "IP:PORT",
          "EG_RESPONSE_ADDRESS",
          "Where the gateway waits for the kernel's connection.");

  private static final Setting<String> PUBLIC_KEY =
      proxy(
          "public-key",
          "KEY",
          "EG_PUBLIC_KEY",
          "The gateway's public key, with which the answer is encrypted.");

  private static final Setting<String> SPARK_MODE =
      proxy(
          "spark-context-initialization-mode",
          "MODE",
          "KERNEL_SPARK_CONTEXT_INIT_MODE",
          "When the kernel makes its Spark context: lazy, eager or none.");

  private static final Setting<Optional<String>> TEMPLATE_NAME =
      Setting.of(
              "--kernel-template-name",
              Shape.one("NAME"),
              "",
              ValueReaders::optionalText,
              "JupyterKernelTemplate of the kernel's Pod; that of the JupyterKernelSpec named by"
                  + " KERNEL_NAME without it.")
          .named();

  private static final Setting<Optional<String>> TEMPLATE_NAMESPACE =
      Setting.of(
              "--kernel-template-namespace",
              Shape.one("NAMESPACE"),
              "",
              ValueReaders::optionalText,
              "Its namespace; the kernel's without it.")
          .named();

  private static final Setting<Duration> TIMEOUT =
      Setting.of(
              "--launch-timeout",
              Shape.one("SECONDS"),
              "60",
              ValueReaders::positiveSeconds,
              "How long the kernel's Pod may take until it runs; the kernel is taken back then.")
          .named("KERNEL_LAUNCH_TIMEOUT", "EG_KERNEL_LAUNCH_TIMEOUT");

  private static final Setting<Boolean> VERBOSE =
      Setting.of(
              "--verbose",
              Shape.flag(),
              "false",
              ValueReaders::flag,
              "Say what is done, on standard error.")
          .named();

  static final SettingGroup GROUP =
      new SettingGroup(
          "The kernel, as Enterprise Gateway fills it in",
          List.of(
              KERNEL_ID,
              PORT_RANGE,
              RESPONSE_ADDRESS,
              PUBLIC_KEY,
              SPARK_MODE,
              TEMPLATE_NAME,
              TEMPLATE_NAMESPACE,
              TIMEOUT,
              VERBOSE));

  private LaunchOptions() {}

  private static Setting<String> proxy(
      String name, String placeholder, String environment, String explanation) {
    return Setting.of(
            "--RemoteProcessProxy." + name,
            Shape.one(placeholder),
            "",
            ValueReaders::text,
            explanation)
        .named(environment);
  }

  static boolean verbose(Values values) {
    return values.get(VERBOSE);
  }

  static Duration timeout(Values values) {
    return values.get(TIMEOUT);
  }

  static LaunchRequest request(Values values, Map<String, String> environment) {
    return new LaunchRequest(
        values.get(KERNEL_ID),
        values.get(PORT_RANGE),
        values.get(RESPONSE_ADDRESS),
        values.get(PUBLIC_KEY),
        values.get(SPARK_MODE),
        values.get(TEMPLATE_NAME),
        values.get(TEMPLATE_NAMESPACE),
        environment);
  }
}
