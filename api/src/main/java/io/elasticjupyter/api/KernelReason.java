// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a kernel is where it is: in its status, its events, its notebook and the metrics alike. */
public enum KernelReason {
  @JsonProperty("Waiting")
  WAITING,
  @JsonProperty("WaitingForResources")
  WAITING_FOR_RESOURCES,
  @JsonProperty("Starting")
  STARTING,
  @JsonProperty("Running")
  RUNNING,
  @JsonProperty("Stopped")
  STOPPED,
  @JsonProperty("Hibernated")
  HIBERNATED,
  @JsonProperty("KernelSpecMissing")
  KERNEL_SPEC_MISSING,
  @JsonProperty("TemplateMissing")
  TEMPLATE_MISSING,
  @JsonProperty("GatewayMissing")
  GATEWAY_MISSING,
  @JsonProperty("NotAllowed")
  NOT_ALLOWED,
  @JsonProperty("PodRefused")
  POD_REFUSED,
  @JsonProperty("QuotaExceeded")
  QUOTA_EXCEEDED,
  @JsonProperty("ImageMissing")
  IMAGE_MISSING,
  @JsonProperty("ImageInvalid")
  IMAGE_INVALID,
  @JsonProperty("TooLargeForAnyNode")
  TOO_LARGE_FOR_ANY_NODE,
  @JsonProperty("ConfigMissing")
  CONFIG_MISSING,
  @JsonProperty("OutOfMemory")
  OUT_OF_MEMORY,
  @JsonProperty("Leaving")
  LEAVING,
  @JsonProperty("Evicted")
  EVICTED,
  @JsonProperty("NodeGone")
  NODE_GONE,
  @JsonProperty("PodDeleted")
  POD_DELETED,
  @JsonProperty("Exited")
  EXITED
}
