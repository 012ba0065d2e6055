// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A request's header fields in their order; names are compared without case. */
public record Headers(List<Header> fields) {

  public Headers {
    fields = List.copyOf(fields);
  }

  /** The value of the first field of that name. */
  public Optional<String> first(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  /** The members of a comma-separated field, over all its lines, stripped, empty ones left out. */
  public List<String> list(String name) {
    List<String> members = new ArrayList<>();
    for (Header field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        for (String member : field.value().split(",", -1)) {
          if (!member.isBlank()) {
            members.add(member.strip());
          }
        }
      }
    }
    return members;
  }

  /** Whether a comma-separated field has that member, compared without case. */
  public boolean lists(String name, String member) {
    return list(name).stream()
        .anyMatch(
            listed -> listed.toLowerCase(Locale.ROOT).equals(member.toLowerCase(Locale.ROOT)));
  }
}
