// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One line per record: time with milliseconds, level, where, what. Line breaks inside a message are
 * escaped, so that nobody can forge a line. The trace of an exception follows, indented.
 */
final class OneLineFormatter extends Formatter {

  private static final String OURS = "io.elasticjupyter.";

  private final DateTimeFormatter time;

  OneLineFormatter(ZoneId zone) {
    time = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(zone);
  }

  @Override
  public String format(LogRecord entry) {
    StringBuilder line = new StringBuilder(160);
    time.formatTo(entry.getInstant(), line);
    line.append(' ').append(level(entry.getLevel())).append(' ').append(where(entry)).append("  ");
    escape(formatMessage(entry), line);
    line.append('\n');
    if (entry.getThrown() != null) {
      StringWriter trace = new StringWriter();
      entry.getThrown().printStackTrace(new PrintWriter(trace));
      trace
          .toString()
          .lines()
          .forEach(part -> line.append("    ").append(part.strip()).append('\n'));
    }
    return line.toString();
  }

  private static String level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (value >= Level.WARNING.intValue()) {
      return "WARN ";
    }
    return value >= Level.INFO.intValue() ? "INFO " : "DEBUG";
  }

  /** Our own loggers by room and class, those of libraries by class. */
  private static String where(LogRecord entry) {
    String name = entry.getLoggerName() == null ? "" : entry.getLoggerName();
    if (!name.startsWith(OURS)) {
      return name.substring(name.lastIndexOf('.') + 1);
    }
    String inside = name.substring(OURS.length());
    int first = inside.indexOf('.');
    return first < 0
        ? inside
        : inside.substring(0, first) + inside.substring(inside.lastIndexOf('.'));
  }

  private static void escape(String message, StringBuilder line) {
    for (int index = 0; index < message.length(); index++) {
      char character = message.charAt(index);
      switch (character) {
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append(' ');
        default -> line.append(Character.isISOControl(character) ? '?' : character);
      }
    }
  }
}
