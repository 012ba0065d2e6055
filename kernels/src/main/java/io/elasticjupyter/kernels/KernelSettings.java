// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.kernels.audience.AudienceSettings;
import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.idle.IdleSettings;
import io.elasticjupyter.kernels.log.LogLimits;
import java.time.Duration;

/**
 * How kernels are treated.
 *
 * @param launchTimeout how long a kernel may take until it answers, where the client's {@code
 *     KERNEL_LAUNCH_TIMEOUT} does not say otherwise
 * @param shutdownGrace how long a kernel may take to end itself when it is asked to
 * @param terminateGrace how long it may take after SIGTERM, before SIGKILL
 * @param maxRestarts how often in a row a kernel that crashes is started again by itself
 * @param heldMessages how many messages are held per channel while the kernel does not answer
 * @param heldBytes how many bytes likewise
 * @param maxMessageBytes the largest message that a kernel may send
 * @param log how much output is kept for clients that have not taken it
 * @param logMemoryBytes memory for the logs of all kernels together
 * @param audience how long clients that went away are waited for
 * @param idle when a kernel is idle
 * @param hibernation what becomes of it then
 */
public record KernelSettings(
    Duration launchTimeout,
    Duration shutdownGrace,
    Duration terminateGrace,
    int maxRestarts,
    int heldMessages,
    long heldBytes,
    long maxMessageBytes,
    LogLimits log,
    long logMemoryBytes,
    AudienceSettings audience,
    IdleSettings idle,
    HibernationSettings hibernation) {

  private static final long MEBIBYTE = 1024 * 1024;

  /** What suits one workstation; the idle rule is off. */
  public static KernelSettings defaults() {
    return new KernelSettings(
        Duration.ofMinutes(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        5,
        1_000,
        64 * MEBIBYTE,
        largestMessage(),
        LogLimits.defaults(),
        64 * MEBIBYTE,
        AudienceSettings.defaults(),
        IdleSettings.off(),
        HibernationSettings.defaults());
  }

  /** A message is in memory up to three times, as parts, as a frame and on its way to disk. */
  private static long largestMessage() {
    return Math.clamp(Runtime.getRuntime().maxMemory() / 4, 16 * MEBIBYTE, 1024 * MEBIBYTE);
  }

  /** These settings with another idle rule. */
  public KernelSettings withIdle(IdleSettings other) {
    return new KernelSettings(
        launchTimeout,
        shutdownGrace,
        terminateGrace,
        maxRestarts,
        heldMessages,
        heldBytes,
        maxMessageBytes,
        log,
        logMemoryBytes,
        audience,
        other,
        hibernation);
  }

  /** These settings with another limit for messages. */
  public KernelSettings withMaxMessageBytes(long other) {
    return new KernelSettings(
        launchTimeout,
        shutdownGrace,
        terminateGrace,
        maxRestarts,
        heldMessages,
        heldBytes,
        other,
        log,
        logMemoryBytes,
        audience,
        idle,
        hibernation);
  }

  /** These settings with other log limits. */
  public KernelSettings withLog(LogLimits other) {
    return new KernelSettings(
        launchTimeout,
        shutdownGrace,
        terminateGrace,
        maxRestarts,
        heldMessages,
        heldBytes,
        maxMessageBytes,
        other,
        logMemoryBytes,
        audience,
        idle,
        hibernation);
  }

  /** These settings with another treatment of idle kernels. */
  public KernelSettings withHibernation(HibernationSettings other) {
    return new KernelSettings(
        launchTimeout,
        shutdownGrace,
        terminateGrace,
        maxRestarts,
        heldMessages,
        heldBytes,
        maxMessageBytes,
        log,
        logMemoryBytes,
        audience,
        idle,
        other);
  }
}
