// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.life;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.kernels.KernelSettings;
import io.elasticjupyter.kernels.hibernation.HibernationSettings;
import io.elasticjupyter.kernels.idle.IdleSettings;
import io.elasticjupyter.kernels.idle.OwnIdleRule;
import java.util.Optional;

/**
 * What holds for one kernel when it is idle: what its client asked for it, before what its
 * kernelspec says, before what the gateway does. Read anew each time, since a kernel may move to
 * another kernelspec. Safe for any thread.
 */
public final class KernelRules {

  private final KernelIdentity identity;
  private final KernelSettings settings;

  public KernelRules(KernelIdentity identity, KernelSettings settings) {
    this.identity = identity;
    this.settings = settings;
  }

  private JsonNode metadata() {
    return identity.spec().document().path("metadata");
  }

  /** When it is idle. */
  IdleSettings idle() {
    return own().over(settings.idle().overriddenBy(metadata()));
  }

  /** What becomes of it then. */
  HibernationSettings hibernation() {
    return own().over(settings.hibernation().overriddenBy(metadata()));
  }

  private OwnIdleRule own() {
    return OwnIdleRule.of(identity.env());
  }

  /** What its client asked that cannot be read, or is more than may be asked, as a sentence. */
  public Optional<String> objection() {
    return OwnIdleRule.unreadable(identity.env())
        .or(() ->
            own()
                .beyond(
                    settings.idle().overriddenBy(metadata()),
                    settings.hibernation().overriddenBy(metadata())));
  }
}
