// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.errors;

/**
 * Everything for which the gateway refuses a request. The wire name is stable: it stands in error
 * bodies, logs and metric labels.
 */
public enum FailureCode {
  MALFORMED_REQUEST("malformed-request", 400),
  MALFORMED_BODY("malformed-body", 400),
  ENVIRONMENT_REFUSED("environment-refused", 400),
  UNAUTHORIZED("unauthorized", 401),
  USER_REFUSED("user-refused", 403),
  NOT_ALLOWED("not-allowed", 403),
  RESOURCE_LIMIT("resource-limit", 403),
  LISTING_DISABLED("listing-disabled", 403),
  ORIGIN_REFUSED("origin-refused", 403),
  CERTIFICATE_REFUSED("certificate-refused", 403),
  ORIGIN_UNKNOWN("origin-unknown", 404),
  NOT_FOUND("not-found", 404),
  NOT_OFFERED("not-offered", 404),
  KERNEL_UNKNOWN("kernel-unknown", 404),
  KERNELSPEC_UNKNOWN("kernelspec-unknown", 404),
  METHOD_NOT_ALLOWED("method-not-allowed", 405),
  REQUEST_TIMEOUT("request-timeout", 408),
  KERNEL_EXISTS("kernel-exists", 409),
  KERNEL_IN_USE("kernel-in-use", 409),
  KERNELSPEC_UNFIT("kernelspec-unfit", 409),
  SESSION_GONE("session-gone", 410),
  BODY_TOO_LARGE("body-too-large", 413),
  ENCODING_UNSUPPORTED("encoding-unsupported", 415),
  UPGRADE_REQUIRED("upgrade-required", 426),
  TOO_MANY_WRONG_TOKENS("too-many-wrong-tokens", 429),
  HEADERS_TOO_LARGE("headers-too-large", 431),
  INTERNAL("internal", 500),
  LAUNCH_FAILED("launch-failed", 500),
  HIBERNATION_FAILED("hibernation-failed", 500),
  KERNEL_FAILED("kernel-failed", 500),
  SESSION_KERNELSPEC_UNKNOWN("session-kernelspec-unknown", 501),
  KERNEL_MOVING("kernel-moving", 503),
  STOPPING("stopping", 503);

  private final String wireName;
  private final int status;

  FailureCode(String wireName, int status) {
    this.wireName = wireName;
    this.status = status;
  }

  public String wireName() {
    return wireName;
  }

  /** The HTTP status that goes with it. */
  public int status() {
    return status;
  }
}
