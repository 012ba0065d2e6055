// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.hibernation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;

/**
 * What becomes of an idle kernel.
 *
 * @param action what the idle rule does
 * @param onLoss what is done when something cannot be saved
 * @param saveTimeout how long a save may take
 * @param variableTimeout how long one variable may take
 * @param maxBytes the largest snapshot of one kernel; zero is no limit
 * @param secretNames patterns of environment variables whose values are not written, {@code *} for
 *     any characters
 * @param limits what all snapshots together may take, and how long
 */
public record HibernationSettings(
    IdleAction action,
    OnLoss onLoss,
    Duration saveTimeout,
    Duration variableTimeout,
    long maxBytes,
    List<String> secretNames,
    SnapshotLimits limits) {

  /** What the idle rule does. */
  public enum IdleAction {
    HIBERNATE,
    DELETE
  }

  /** What is done when some variables cannot be saved. */
  public enum OnLoss {
    /** Hibernates, and tells which. */
    PROCEED,
    /** The kernel runs on, and its user is told why. */
    KEEP_RUNNING
  }

  public HibernationSettings {
    secretNames = List.copyOf(secretNames);
  }

  public static HibernationSettings defaults() {
    return new HibernationSettings(
        IdleAction.HIBERNATE,
        OnLoss.PROCEED,
        Duration.ofMinutes(10),
        Duration.ofSeconds(10),
        32L << 30,
        List.of("*TOKEN*", "*SECRET*", "*PASSWORD*", "*PASSWD*", "*_KEY", "AWS_*"),
        SnapshotLimits.defaults());
  }

  public HibernationSettings withAction(IdleAction other) {
    return new HibernationSettings(
        other, onLoss, saveTimeout, variableTimeout, maxBytes, secretNames, limits);
  }

  public HibernationSettings withOnLoss(OnLoss other) {
    return new HibernationSettings(
        action, other, saveTimeout, variableTimeout, maxBytes, secretNames, limits);
  }

  public HibernationSettings withMaxBytes(long other) {
    return new HibernationSettings(
        action, onLoss, saveTimeout, variableTimeout, other, secretNames, limits);
  }

  public HibernationSettings withLimits(SnapshotLimits other) {
    return new HibernationSettings(
        action, onLoss, saveTimeout, variableTimeout, maxBytes, secretNames, other);
  }

  public HibernationSettings withSaveTimeout(Duration other) {
    return new HibernationSettings(
        action, onLoss, other, variableTimeout, maxBytes, secretNames, limits);
  }

  /**
   * These settings with what a kernelspec's metadata overrides: {@code idle_action} ({@code
   * hibernate} or {@code delete}) and {@code hibernate_on_loss} ({@code proceed} or {@code
   * keep-running}). Another value overrides nothing.
   */
  public HibernationSettings overriddenBy(JsonNode metadata) {
    IdleAction otherAction =
        switch (metadata.path("idle_action").asText()) {
          case "hibernate" -> IdleAction.HIBERNATE;
          case "delete" -> IdleAction.DELETE;
          default -> action;
        };
    OnLoss otherOnLoss =
        switch (metadata.path("hibernate_on_loss").asText()) {
          case "proceed" -> OnLoss.PROCEED;
          case "keep-running" -> OnLoss.KEEP_RUNNING;
          default -> onLoss;
        };
    return withAction(otherAction).withOnLoss(otherOnLoss);
  }
}
