// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.operator.kernel;

import static java.net.HttpURLConnection.HTTP_CLIENT_TIMEOUT;
import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;

import io.elasticjupyter.operator.cluster.EndingNamespace;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** What is known of a Pod that was to be made when the call for it failed. */
enum NotMade {
  /**
   * Nothing: the server did not answer, or not about this Pod. The call may have been interrupted
   * because this operator ends, the connection may have broken before or after the Pod was made, or
   * the server has trouble of its own.
   */
  NO_ANSWER,

  /** One of its name is there. */
  NAME_IS_TAKEN,

  OVER_QUOTA,

  /** Nothing is made there any more. */
  NAMESPACE_ENDS,

  /** The server has looked at this Pod and never takes it. */
  REFUSED;

  private static final int HTTP_TOO_MANY_REQUESTS = 429;

  static NotMade of(KubernetesClientException failure) {
    Status answer = failure.getStatus();
    int code = failure.getCode();
    // Without an answer the client's code is -1 or 0, depending on where it gave up.
    if (answer == null || code < 400 || code >= 500) {
      return NO_ANSWER;
    }
    if (EndingNamespace.isReasonOf(failure)) {
      return NAMESPACE_ENDS;
    }
    return switch (code) {
      case HTTP_UNAUTHORIZED, HTTP_CLIENT_TIMEOUT, HTTP_TOO_MANY_REQUESTS -> NO_ANSWER;
      case HTTP_CONFLICT -> NAME_IS_TAKEN;
      case HTTP_FORBIDDEN -> said(failure).contains("exceeded quota") ? OVER_QUOTA : REFUSED;
      default -> REFUSED;
    };
  }

  /** The server's own words where there are any. */
  static String said(KubernetesClientException failure) {
    Status answer = failure.getStatus();
    return answer == null || answer.getMessage() == null
        ? String.valueOf(failure.getMessage())
        : answer.getMessage();
  }
}
