// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of a program's settings, each read once and known to be good. */
public final class Values {

  /** What was wrong with settings, one sentence each. */
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;
    private final List<String> problems;

    public Unusable(List<String> problems) {
      super(String.join("\n", problems));
      this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
      return problems;
    }
  }

  private final Map<Setting<?>, Object> values;
  private final Map<Setting<?>, String> sources;

  private Values(Map<Setting<?>, Object> values, Map<Setting<?>, String> sources) {
    this.values = values;
    this.sources = sources;
  }

  /**
   * Reads every setting: the command line first, then its environment names in order, then its
   * default. An environment variable that is empty counts as not set.
   *
   * @param commandLine texts by option
   * @throws Unusable naming every value that cannot be used, and where it came from
   */
  public static Values read(
      List<SettingGroup> groups, Map<String, String> commandLine, Map<String, String> environment)
      throws Unusable {
    Map<Setting<?>, Object> values = new HashMap<>();
    Map<Setting<?>, String> sources = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (SettingGroup group : groups) {
      for (Setting<?> setting : group.settings()) {
        Optional<String> source = source(setting, commandLine, environment);
        String text =
            source.map(name -> text(name, commandLine, environment)).orElse(setting.fallback());
        try {
          values.put(setting, setting.reader().read(text));
          source.ifPresent(name -> sources.put(setting, name));
        } catch (BadValue bad) {
          problems.add(
              "%s is '%s', %s".formatted(source.orElse(setting.option()), text, bad.getMessage()));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new Unusable(problems);
    }
    return new Values(values, sources);
  }

  private static Optional<String> source(
      Setting<?> setting, Map<String, String> commandLine, Map<String, String> environment) {
    if (commandLine.containsKey(setting.option())) {
      return Optional.of(setting.option());
    }
    return setting.names().stream()
        .filter(name -> !environment.getOrDefault(name, "").isEmpty())
        .findFirst();
  }

  private static String text(
      String source, Map<String, String> commandLine, Map<String, String> environment) {
    return source.startsWith("--")
        ? commandLine.getOrDefault(source, "")
        : environment.getOrDefault(source, "");
  }

  /** The value of a setting of this program. */
  @SuppressWarnings("unchecked") // read() stores for each setting what its own reader returned
  public <T> T get(Setting<T> setting) {
    Object value = values.get(setting);
    if (value == null) {
      throw new IllegalArgumentException(setting.option() + " is no setting of this program");
    }
    return (T) value;
  }

  /** The option or variable that set it; empty where it is at its default. */
  public Optional<String> source(Setting<?> setting) {
    return Optional.ofNullable(sources.get(setting));
  }
}
