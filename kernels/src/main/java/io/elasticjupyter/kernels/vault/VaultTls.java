// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import io.elasticjupyter.api.certificate.ServerIdentity;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of a {@link SnapshotServer}, from a file that is renewed while the gateway runs.
 * It is read again for each call to a helper, which is told that very one. Safe for any thread.
 */
public final class VaultTls {

  private static final System.Logger LOG = System.getLogger(VaultTls.class.getName());

  private final Path file;
  private final InstantSource clock;

  private volatile Loaded loaded;

  private record Loaded(byte[] pem, ServerIdentity identity) {}

  /**
   * Reads it.
   *
   * @param file as {@link ServerIdentity#pem} wrote it
   * @throws IOException if it cannot be read, or is something else
   */
  public VaultTls(Path file, InstantSource clock) throws IOException {
    this.file = file;
    this.clock = clock;
    this.loaded = load();
  }

  private Loaded load() throws IOException {
    byte[] pem = Files.readAllBytes(file);
    try {
      return new Loaded(pem, ServerIdentity.read(pem));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no certificate with its key: " + e.getMessage(), e);
    }
  }

  /**
   * What whoever connects from now on is shown. Where the file cannot be read it is the one before,
   * which kernels are told as well.
   */
  ServerIdentity current() {
    try {
      if (!Arrays.equals(Files.readAllBytes(file), loaded.pem())) {
        loaded = load();
        LOG.log(Level.INFO, "event=snapshot-certificate-renewed until={0}", identity().until());
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=snapshot-certificate-not-read reason={0}", e.toString());
    }
    if (identity().until().isBefore(clock.instant())) {
      LOG.log(Level.WARNING, "event=snapshot-certificate-ended until={0}", identity().until());
    }
    return identity();
  }

  private ServerIdentity identity() {
    return loaded.identity();
  }

  /** For a server. */
  SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new Shown()}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  /** An alias is a serial number, so that key and certificate are of one identity. */
  private final class Shown extends X509ExtendedKeyManager {

    /** Asked for first. A handshake that goes on while it is replaced fails, and is tried again. */
    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      ServerIdentity now = identity();
      return keyType.equals(now.key().getAlgorithm()) ? alias(now) : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return known(alias).map(each -> new X509Certificate[] {each.certificate()}).orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return known(alias).map(ServerIdentity::key).orElse(null);
    }

    private Optional<ServerIdentity> known(String alias) {
      return Optional.of(identity()).filter(now -> alias(now).equals(alias));
    }

    private static String alias(ServerIdentity identity) {
      return identity.certificate().getSerialNumber().toString();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      String alias = chooseEngineServerAlias(keyType, issuers, null);
      return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }
}
