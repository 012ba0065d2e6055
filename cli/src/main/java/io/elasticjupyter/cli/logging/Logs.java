// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.logging;

import java.time.ZoneId;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/** Sets up {@code java.util.logging}, which {@code System.Logger} and the libraries write to. */
public final class Logs {

  /** How much is logged. */
  public enum Verbosity {
    ERROR,
    WARNING,
    INFO,
    DEBUG;

    private Level level() {
      return switch (this) {
        case ERROR -> Level.SEVERE;
        case WARNING -> Level.WARNING;
        case INFO -> Level.INFO;
        case DEBUG -> Level.FINE;
      };
    }
  }

  /**
   * Keeps its handlers while the process ends. The JDK's own manager takes them away in a shutdown
   * hook of its own, beside ours, and what an orderly stop has to say would be lost.
   */
  public static final class LastingLogManager extends LogManager {
    @Override
    public void reset() {
      // The handlers are ours and need no closing: standard error is flushed with every line.
    }
  }

  /** Writes each line at once. */
  private static final class StandardError extends StreamHandler {
    StandardError() {
      super(System.err, new OneLineFormatter(ZoneId.systemDefault()));
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord entry) {
      super.publish(entry);
      flush();
    }
  }

  /** Held here since the log manager itself forgets a logger, and its level, that nobody holds. */
  private static final Logger OURS = ours();

  /** It warns of each of our own kinds at every start, since their version is v1alpha1. */
  private static final Logger VERSIONS =
      Logger.getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils");

  /**
   * It warns, with a stack, when the API server ended a watch's connection before it could be
   * answered; the watch begins anew either way.
   */
  private static final Logger WATCHES =
      Logger.getLogger("io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl");

  private Logs() {}

  private static Logger ours() {
    System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
    return Logger.getLogger("io.elasticjupyter");
  }

  /** To be called before anything else touches logging. */
  public static void install() {
    show(Verbosity.INFO);
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new StandardError());
  }

  /**
   * Sets how much of ours is shown; libraries are heard from warnings on, or all when debugging.
   */
  public static void show(Verbosity verbosity) {
    Logger.getLogger("").setLevel(verbosity == Verbosity.DEBUG ? Level.INFO : Level.WARNING);
    OURS.setLevel(verbosity.level());
    VERSIONS.setLevel(verbosity == Verbosity.DEBUG ? null : Level.SEVERE);
    WATCHES.setLevel(verbosity == Verbosity.DEBUG ? null : Level.SEVERE);
  }
}
