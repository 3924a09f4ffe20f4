package io.lift.formats.registry;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/** Certificates for a registry behind {@code https}: those that are set for Kafka. */
public final class RegistryTrust {
  private RegistryTrust() {}

  /**
   * The certificates in the settings of Kafka's clients.
   *
   * @return null if there are none
   * @throws IllegalArgumentException with one sentence, if they cannot be read
   */
  public static SSLContext of(Map<String, Object> kafka) {
    AbstractConfig config =
        new AbstractConfig(new ConfigDef().withClientSslSupport(), kafka, Map.of(), false);
    try (DefaultSslEngineFactory stores = new DefaultSslEngineFactory()) {
      stores.configure(config.values());
      KeyStore trusted = stores.truststore();
      KeyStore own = stores.keystore();
      if (trusted == null && own == null) {
        return null;
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          own == null ? null : keys(own, config), trusted == null ? null : trust(trusted), null);
      return context;
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException(
          "The certificates of kafka.ssl.* cannot be used for the schema registry: "
              + e.getMessage()
              + ".",
          e);
    }
  }

  private static TrustManager[] trust(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] keys(KeyStore store, AbstractConfig config)
      throws GeneralSecurityException {
    Password key = config.getPassword(SslConfigs.SSL_KEY_PASSWORD_CONFIG);
    Password password =
        key == null ? config.getPassword(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG) : key;
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password == null ? null : password.value().toCharArray());
    return factory.getKeyManagers();
  }
}
