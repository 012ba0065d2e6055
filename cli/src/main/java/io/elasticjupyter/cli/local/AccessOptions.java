// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.gateway.config.CorsConfig;
import io.elasticjupyter.gateway.config.KernelAccessConfig;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Who may ask for what. */
final class AccessOptions {

  static final Setting<String> TOKEN =
      Setting.of(
              "--token",
              Shape.one("TOKEN"),
              "",
              ValueReaders::text,
              "What every request must carry, as 'Authorization: token TOKEN' or ?token=TOKEN."
                  + " Without this option one is made and kept in the state directory;"
                  + " --token '' lets everybody in who reaches the port.")
          .named("EG_AUTH_TOKEN", "KG_AUTH_TOKEN");

  static final Setting<Optional<String>> ALLOW_ORIGIN =
      Setting.of(
          "--allow-origin",
          Shape.one("ORIGIN"),
          "",
          ValueReaders::optionalText,
          "Origin whose web pages may use the gateway (Access-Control-Allow-Origin); * is any."
              + " Unset, only the gateway's own.");

  static final Setting<Optional<String>> ALLOW_CREDENTIALS =
      cors("--allow-credentials", "Value of Access-Control-Allow-Credentials.");

  static final Setting<Optional<String>> ALLOW_HEADERS =
      cors("--allow-headers", "Value of Access-Control-Allow-Headers.");

  static final Setting<Optional<String>> ALLOW_METHODS =
      cors("--allow-methods", "Value of Access-Control-Allow-Methods.");

  static final Setting<Optional<String>> EXPOSE_HEADERS =
      cors("--expose-headers", "Value of Access-Control-Expose-Headers.");

  static final Setting<Optional<String>> MAX_AGE =
      cors("--max-age", "Value of Access-Control-Max-Age, seconds.");

  static final Setting<String> DEFAULT_KERNEL_NAME =
      Setting.of(
          "--default-kernel-name",
          Shape.one("NAME"),
          "python3",
          ValueReaders::word,
          "Kernelspec that a request without a name starts.");

  static final Setting<Optional<String>> FORCE_KERNEL_NAME =
      Setting.of(
          "--force-kernel-name",
          Shape.one("NAME"),
          "",
          ValueReaders::optionalText,
          "Kernelspec that is started whatever a request names.");

  static final Setting<Set<String>> ALLOWED_KERNELS =
      names(
              "--allowed-kernels",
              "",
              "Kernelspecs that exist for clients; unset, all that are found.")
          .alsoNamed("EG_KERNEL_WHITELIST", "KG_KERNEL_WHITELIST");

  static final Setting<Boolean> LIST_KERNELS =
      Setting.of(
          "--list-kernels",
          Shape.flag(),
          "true",
          ValueReaders::flag,
          "Answer requests for the list of all kernels and sessions; JupyterLab asks for it.");

  static final Setting<Integer> MAX_KERNELS =
      Setting.of(
          "--max-kernels",
          Shape.one("COUNT"),
          "0",
          ValueReaders.number(0, Integer.MAX_VALUE),
          "Kernels at a time, those that are starting counted, those that sleep not; 0 is no limit. Waking"
              + " a kernel is never refused.");

  static final Setting<Integer> MAX_KERNELS_PER_USER =
      Setting.of(
          "--max-kernels-per-user",
          Shape.one("COUNT"),
          "-1",
          ValueReaders.number(-1, Integer.MAX_VALUE),
          "The same for each KERNEL_USERNAME; -1 is no limit.");

  static final Setting<Set<String>> AUTHORIZED_USERS =
      names(
          "--authorized-users",
          "",
          "The only values of KERNEL_USERNAME that get a kernel; unset, all but the unauthorized.");

  static final Setting<Set<String>> UNAUTHORIZED_USERS =
      names("--unauthorized-users", "root", "Values of KERNEL_USERNAME that get no kernel.");

  static final Setting<Set<Long>> PROHIBITED_UIDS =
      Setting.of(
          "--prohibited-uids",
          Shape.several("UID", ","),
          "0",
          ValueReaders::longs,
          "Values that KERNEL_UID must not have.");

  static final Setting<Set<Long>> PROHIBITED_GIDS =
      Setting.of(
          "--prohibited-gids",
          Shape.several("GID", ","),
          "0",
          ValueReaders::longs,
          "Values that KERNEL_GID must not have.");

  static final SettingGroup ACCESS =
      new SettingGroup(
          "Access",
          List.of(
              TOKEN,
              ALLOW_ORIGIN,
              ALLOW_CREDENTIALS,
              ALLOW_HEADERS,
              ALLOW_METHODS,
              EXPOSE_HEADERS,
              MAX_AGE));

  static final SettingGroup WHO_GETS_KERNELS =
      new SettingGroup(
          "Which kernels, how many, for whom",
          List.of(
              DEFAULT_KERNEL_NAME,
              FORCE_KERNEL_NAME,
              ALLOWED_KERNELS,
              LIST_KERNELS,
              MAX_KERNELS,
              MAX_KERNELS_PER_USER,
              AUTHORIZED_USERS,
              UNAUTHORIZED_USERS,
              PROHIBITED_UIDS,
              PROHIBITED_GIDS));

  private AccessOptions() {}

  private static Setting<Optional<String>> cors(String option, String explanation) {
    return Setting.of(
        option,
        Shape.one("VALUE"),
        "",
        ValueReaders::optionalText,
        explanation + " Unset, not sent.");
  }

  static Setting<Set<String>> names(String option, String fallback, String explanation) {
    return Setting.of(
        option, Shape.several("NAME", ","), fallback, ValueReaders::names, explanation);
  }

  static CorsConfig cors(Values values) {
    return new CorsConfig(
        values.get(ALLOW_CREDENTIALS),
        values.get(ALLOW_HEADERS),
        values.get(ALLOW_METHODS),
        values.get(ALLOW_ORIGIN),
        values.get(EXPOSE_HEADERS),
        values.get(MAX_AGE));
  }

  static KernelAccessConfig access(Values values) {
    return new KernelAccessConfig(
        values.get(DEFAULT_KERNEL_NAME),
        values.get(FORCE_KERNEL_NAME),
        values.get(ALLOWED_KERNELS),
        values.get(LIST_KERNELS),
        limit(values.get(MAX_KERNELS), 1),
        limit(values.get(MAX_KERNELS_PER_USER), 0),
        values.get(UNAUTHORIZED_USERS),
        values.get(AUTHORIZED_USERS),
        values.get(PROHIBITED_UIDS),
        values.get(PROHIBITED_GIDS));
  }

  private static OptionalInt limit(int given, int least) {
    return given < least ? OptionalInt.empty() : OptionalInt.of(given);
  }
}
