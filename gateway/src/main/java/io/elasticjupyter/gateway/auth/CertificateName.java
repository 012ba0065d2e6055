// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.auth;

import io.elasticjupyter.gateway.errors.ApiFailure;
import io.elasticjupyter.gateway.errors.FailureCode;
import io.elasticjupyter.gateway.http.HttpRequest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The name that a client's certificate must carry ({@code authorized_origin}): as a DNS name among
 * its alternative names or, where it has none, as its common name.
 */
public final class CertificateName {

  private static final int DNS_NAME = 2;

  private final Optional<String> required;

  public CertificateName(Optional<String> required) {
    this.required = required;
  }

  /**
   * Lets a request through or not.
   *
   * @throws ApiFailure 403
   */
  public void check(HttpRequest request) throws ApiFailure {
    if (required.isEmpty()) {
      return;
    }
    List<X509Certificate> shown = request.clientCertificates();
    if (shown.isEmpty() || !carries(shown.getFirst(), required.get())) {
      throw ApiFailure.of(
          FailureCode.CERTIFICATE_REFUSED,
          "The client certificate is not for the authorized origin.");
    }
  }

  private static boolean carries(X509Certificate certificate, String name) {
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        return alternatives.stream()
            .filter(alternative -> Integer.valueOf(DNS_NAME).equals(alternative.get(0)))
            .anyMatch(alternative -> name.equalsIgnoreCase(String.valueOf(alternative.get(1))));
      }
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")
            && name.equalsIgnoreCase(String.valueOf(part.getValue()))) {
          return true;
        }
      }
      return false;
    } catch (CertificateParsingException | InvalidNameException e) {
      return false;
    }
  }
}
