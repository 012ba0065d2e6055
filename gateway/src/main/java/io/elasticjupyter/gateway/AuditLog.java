// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import io.elasticjupyter.gateway.http.HttpRequest;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who did what to which kernel, a line each, by a logger of its own. Told is what changes something
 * or reaches into a kernel: not what only reads, and no token, which is never in a path. Safe for
 * any thread.
 */
final class AuditLog {

  private static final System.Logger LOG = System.getLogger(AuditLog.class.getName());
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x21-\\x7e]");

  /** Takes in a request and the status that it was answered with; 101 is a websocket. */
  void answered(HttpRequest request, int status) {
    if (status != 101 && READS.contains(request.method())) {
      return;
    }
    LOG.log(
        Level.INFO,
        "event=audit who={0} from={1} method={2} path={3} status={4,number,#}",
        request.clientCertificates().isEmpty()
            ? "token"
            : printable(nameOf(request.clientCertificates().getFirst())),
        request.remote(),
        printable(request.method()),
        printable(request.path()),
        status);
  }

  private static String nameOf(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  /** A path may hold what ends a line, or looks like another field. */
  private static String printable(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("?");
  }
}
