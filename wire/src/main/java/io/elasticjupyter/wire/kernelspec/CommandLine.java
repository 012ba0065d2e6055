// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.kernelspec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills in what a kernelspec leaves open: the placeholders of its argv ({@code
 * KernelManager.format_kernel_cmd} of jupyter_client) and the variables in its env ({@code
 * KernelProvisionerBase.pre_launch}). No shell is involved anywhere.
 */
public final class CommandLine {

  /** The path of the connection file. */
  public static final String CONNECTION_FILE = "connection_file";

  /** The kernelspec's folder; filled in without being given. */
  public static final String RESOURCE_DIR = "resource_dir";

  /** {@code sys.prefix} of the Python environment; filled in where there is one. */
  public static final String PREFIX = "prefix";

  /** The kernel's id. */
  public static final String KERNEL_ID = "kernel_id";

  /** Enterprise Gateway's: ports that the kernel may listen on, {@code lowest..highest}. */
  public static final String PORT_RANGE = "port_range";

  /** Enterprise Gateway's: where the launcher reports to, {@code ip:port}. */
  public static final String RESPONSE_ADDRESS = "response_address";

  /** Enterprise Gateway's: what the launcher encrypts its report with. */
  public static final String PUBLIC_KEY = "public_key";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z0-9_]+)\\}");

  /** The pattern of Python's {@code string.Template}. */
  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$(?:(?<escaped>\\$)|(?<named>[_a-zA-Z][_a-zA-Z0-9]*)"
              + "|\\{(?<braced>[_a-zA-Z][_a-zA-Z0-9]*)\\})");

  private CommandLine() {}

  /**
   * The command. A placeholder without a value stays as it is. A first word of {@code python},
   * {@code python3} or {@code python3.N} becomes the environment's interpreter if that is its
   * version, since the one on the PATH may be another.
   *
   * @param values by placeholder name without braces
   */
  public static List<String> arguments(
      KernelSpec spec, Map<String, String> values, Optional<PythonEnvironment> environment) {
    Map<String, String> all = new HashMap<>();
    all.put(RESOURCE_DIR, spec.directory().toString());
    environment.ifPresent(python -> all.put(PREFIX, python.prefix().toString()));
    all.putAll(values);
    List<String> words = new ArrayList<>(spec.argv());
    if (!words.isEmpty()
        && environment.isPresent()
        && environment.get().isNamed(words.getFirst())) {
      words.set(0, environment.get().interpreter().toString());
    }
    words.replaceAll(word ->
        PLACEHOLDER
            .matcher(word)
            .replaceAll(match ->
                Matcher.quoteReplacement(all.getOrDefault(match.group(1), match.group()))));
    return List.copyOf(words);
  }

  /** Whether the kernelspec's command has this placeholder, without braces. */
  public static boolean uses(KernelSpec spec, String placeholder) {
    String braced = "{" + placeholder + "}";
    return spec.argv().stream().anyMatch(word -> word.contains(braced));
  }

  /**
   * The kernelspec's environment with {@code $NAME} and <code>${NAME}</code> replaced by the
   * variables of that name in {@code known}; {@code $$} becomes one dollar sign, and what is not
   * known stays as it is.
   *
   * @param known what the kernel's environment would be without the kernelspec
   */
  public static Map<String, String> environment(KernelSpec spec, Map<String, String> known) {
    Map<String, String> environment = new HashMap<>();
    spec.env().forEach((name, value) -> environment.put(name, expand(value, known)));
    return Map.copyOf(environment);
  }

  private static String expand(String template, Map<String, String> known) {
    return VARIABLE
        .matcher(template)
        .replaceAll(match -> {
          if (match.group("escaped") != null) {
            return Matcher.quoteReplacement("$");
          }
          String named = match.group("named");
          String name = named == null ? match.group("braced") : named;
          return Matcher.quoteReplacement(known.getOrDefault(name, match.group()));
        });
  }
}
