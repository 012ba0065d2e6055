// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

import io.elasticjupyter.gateway.errors.ApiFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One path of the API and what its methods do.
 *
 * @param template the path with {@code {parameters}}, also the label in metrics, so that ids never
 *     get there
 * @param access whether it asks for the token
 * @param methods by HTTP method
 */
public record Route(String template, Access access, Map<String, Endpoint> methods) {

  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

  /** Whether a route asks for the token. */
  public enum Access {
    TOKEN,
    OPEN
  }

  /** What a method of a route does. */
  @FunctionalInterface
  public interface Endpoint {
    HttpAnswer answer(Call call) throws ApiFailure;
  }

  /** A request that reached its route, with what the path's parameters stand for. */
  public record Call(HttpRequest request, Map<String, String> parameters) {

    /** The value of a parameter of the route's own template. */
    public String parameter(String name) {
      String value = parameters.get(name);
      if (value == null) {
        throw new IllegalArgumentException("the route has no parameter " + name);
      }
      return value;
    }
  }

  public Route {
    methods = Map.copyOf(methods);
  }

  public static Route of(String template, Map<String, Endpoint> methods) {
    return new Route(template, Access.TOKEN, methods);
  }

  public static Route open(String template, Endpoint get) {
    return new Route(template, Access.OPEN, Map.of("GET", get));
  }

  /** What a parameter may look like, by the kind of thing that its name says. */
  private static String form(String parameter) {
    return switch (parameter) {
      case "kernel_id", "session_id" -> "\\w+-\\w+-\\w+-\\w+-\\w+";
      case "kernel_name" -> "[\\w.\\-%]+";
      case "path" -> ".*";
      default -> throw new IllegalArgumentException("no form for parameter " + parameter);
    };
  }

  /** The route made ready to be asked. */
  Compiled compiled() {
    StringBuilder regex = new StringBuilder();
    Matcher parameter = PARAMETER.matcher(template);
    List<String> names = PARAMETER.matcher(template).results().map(r -> r.group(1)).toList();
    int end = 0;
    while (parameter.find()) {
      regex.append(Pattern.quote(template.substring(end, parameter.start())));
      regex.append('(').append(form(parameter.group(1))).append(')');
      end = parameter.end();
    }
    regex.append(Pattern.quote(template.substring(end)));
    return new Compiled(this, Pattern.compile(regex.toString(), Pattern.DOTALL), names);
  }

  record Compiled(Route route, Pattern pattern, List<String> names) {

    Optional<Map<String, String>> parametersOf(String path) {
      Matcher matcher = pattern.matcher(path);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      Map<String, String> parameters = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        parameters.put(names.get(i), matcher.group(i + 1));
      }
      return Optional.of(parameters);
    }
  }
}
