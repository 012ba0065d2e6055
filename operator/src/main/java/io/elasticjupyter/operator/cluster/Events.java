// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.cluster;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Tells in {@code kubectl describe} what happened to a resource. */
public final class Events {

  private static final System.Logger LOG = System.getLogger(Events.class.getName());

  /** The API server takes no longer message. */
  private static final int LONGEST = 1024;

  private final KubernetesClient client;
  private final InstantSource clock;

  public Events(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Notes that something went wrong; a cluster that takes no event does not stop the work. */
  public void warn(HasMetadata about, String reason, String message) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    try {
      client
          .v1()
          .events()
          .inNamespace(about.getMetadata().getNamespace())
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  .withGenerateName(about.getMetadata().getName() + ".")
                  .withNamespace(about.getMetadata().getNamespace())
                  .endMetadata()
                  .withInvolvedObject(
                      new ObjectReferenceBuilder()
                          .withApiVersion(about.getApiVersion())
                          .withKind(about.getKind())
                          .withName(about.getMetadata().getName())
                          .withNamespace(about.getMetadata().getNamespace())
                          .withUid(about.getMetadata().getUid())
                          .build())
                  .withType("Warning")
                  .withReason(reason)
                  .withMessage(message.substring(0, Math.min(message.length(), LONGEST)))
                  .withFirstTimestamp(now.toString())
                  .withLastTimestamp(now.toString())
                  .withCount(1)
                  .withNewSource()
                  .withComponent(Applier.FIELD_MANAGER)
                  .endSource()
                  .build())
          .create();
    } catch (KubernetesClientException e) {
      LOG.log(
          EndingNamespace.isReasonOf(e) ? Level.DEBUG : Level.WARNING,
          "event=event-not-written resource={0} reason={1}",
          about.getMetadata().getName(),
          e.getMessage());
    }
  }
}
