// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.kernelapi;

import io.elasticjupyter.gateway.config.RedactionConfig;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** An environment as a log may show it. */
public final class Redaction {

  private static final Pattern SECRET =
      Pattern.compile(
          "TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE|AUTH",
          Pattern.CASE_INSENSITIVE);

  private final RedactionConfig config;

  public Redaction(RedactionConfig config) {
    this.config = config;
  }

  /** In order of names, with masked values where they are or look sensitive. */
  public Map<String, String> shown(Map<String, String> env) {
    Map<String, String> shown = new TreeMap<>(env);
    shown.replaceAll((name, value) -> isSensitive(name) ? config.mask() : value);
    return shown;
  }

  private boolean isSensitive(String name) {
    return config.sensitiveKeys().contains(name) || SECRET.matcher(name).find();
  }
}
