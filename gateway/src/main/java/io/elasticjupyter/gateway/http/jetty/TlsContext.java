// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http.jetty;

import io.elasticjupyter.gateway.config.TlsConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty's TLS from PEM files. */
final class TlsContext {

  private static final char[] NO_PASSWORD = {};

  private TlsContext() {}

  static SslContextFactory.Server of(TlsConfig config) throws IOException {
    SslContextFactory.Server context = new SslContextFactory.Server();
    try {
      List<X509Certificate> chain = PemFiles.certificates(config.certificate());
      PrivateKey key = PemFiles.privateKey(config.key());
      KeyStore identity = emptyStore();
      identity.setKeyEntry("gateway", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
      context.setKeyStore(identity);
      context.setKeyStorePassword("");
      if (config.clientAuthorities().isPresent()) {
        KeyStore authorities = emptyStore();
        int index = 0;
        for (X509Certificate authority : PemFiles.certificates(config.clientAuthorities().get())) {
          authorities.setCertificateEntry("authority-" + index++, authority);
        }
        context.setTrustStore(authorities);
        context.setNeedClientAuth(true);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS files cannot be used: " + e.getMessage(), e);
    }
    return context;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
