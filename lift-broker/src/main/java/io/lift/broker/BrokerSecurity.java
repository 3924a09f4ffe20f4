package io.lift.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What makes a broker a guarded one: TLS with a certificate of its own, users who show a password
 * (SCRAM-SHA-512), and an authorizer that allows nothing but what ACLs grant. Certificates are made
 * with the JDK's {@code keytool}, for tests: the passwords of the stores stand in their settings.
 */
public final class BrokerSecurity {
  /** The user for whom no ACL is needed. */
  public static final String ADMIN = "admin";

  private static final String MECHANISM = "SCRAM-SHA-512";
  private static final String STORE_PASSWORD = "of-the-stores";
  private static final String NAME = "CN=lift-broker";

  private final Path keystore;
  private final Path truststore;
  private final Map<String, String> passwords;
  private final Login other; // null if there are passwords only

  /**
   * Another way to log in.
   *
   * @param mechanism of SASL
   * @param settings of the broker for it, without the beginning that names listener and mechanism
   * @param user the one user for whom no ACL is needed
   * @param allowedUrls addresses from which the broker may fetch keys; empty for none
   */
  public record Login(
      String mechanism, Map<String, String> settings, String user, String allowedUrls) {}

  private BrokerSecurity(
      Path keystore, Path truststore, Map<String, String> passwords, Login other) {
    this.keystore = keystore;
    this.truststore = truststore;
    this.passwords = passwords;
    this.other = other;
  }

  /**
   * Makes a certificate for the loopback address, and the store of those who trust it.
   *
   * @param directory where the stores go
   * @param passwords of the users by name, besides the one of {@link #ADMIN}
   */
  public static BrokerSecurity create(Path directory, Map<String, String> passwords)
      throws IOException {
    Files.createDirectories(directory);
    Path keystore = certificate(directory.resolve("broker.p12"), NAME);
    Path truststore = trust(keystore, directory.resolve("truststore.p12"));
    Map<String, String> all = new TreeMap<>(passwords);
    all.putIfAbsent(ADMIN, "may do everything");
    return new BrokerSecurity(keystore, truststore, all, null);
  }

  /** The same with one more way to log in. */
  public BrokerSecurity with(Login login) {
    return new BrokerSecurity(keystore, truststore, passwords, login);
  }

  /** Client settings of the certificate that is trusted. */
  public Map<String, String> trust() {
    return Map.of(
        "ssl.truststore.location",
        truststore.toString(),
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.password",
        STORE_PASSWORD);
  }

  /** A store that trusts another certificate than this broker's. */
  public static Path foreignTruststore(Path directory) throws IOException {
    Path other = certificate(directory.resolve("other.p12"), "CN=somebody-else");
    return trust(other, directory.resolve("other-truststore.p12"));
  }

  /** Kafka client settings of a user, but for {@code bootstrap.servers}. */
  public Map<String, String> client(String user) {
    return client(user, passwords.get(user));
  }

  /** Kafka client settings with any password. */
  public Map<String, String> client(String user, String password) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", MECHANISM);
    settings.put("sasl.jaas.config", jaas(user, password));
    settings.putAll(trust());
    return settings;
  }

  /** The broker's settings, to come after those of an open one. */
  String properties(int port, int controllerPort) {
    return passwordsAndAcls(port, controllerPort) + (other == null ? "" : properties(other));
  }

  /** Of settings that stand twice, the last one counts. */
  private static String properties(Login login) {
    String prefix = "listener.name.sasl_ssl." + login.mechanism().toLowerCase(Locale.ROOT) + ".";
    StringBuilder settings = new StringBuilder();
    login.settings().forEach((name, value) -> settings.append(prefix + name + "=" + value + "\n"));
    return """
        sasl.enabled.mechanisms=%s,%s
        super.users=User:%s;User:%s;User:%s
        """
            .formatted(MECHANISM, login.mechanism(), ADMIN, NAME, login.user())
        + settings;
  }

  /** Addresses that the broker's process may open; empty for none. */
  String allowedUrls() {
    return other == null ? "" : other.allowedUrls();
  }

  private String passwordsAndAcls(int port, int controllerPort) {
    return """
        listeners=SASL_SSL://%1$s:%2$d,CONTROLLER://%1$s:%3$d
        advertised.listeners=SASL_SSL://%1$s:%2$d
        listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:SSL
        inter.broker.listener.name=SASL_SSL
        sasl.enabled.mechanisms=%4$s
        sasl.mechanism.inter.broker.protocol=%4$s
        listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=%5$s
        listener.name.controller.ssl.client.auth=required
        ssl.keystore.type=PKCS12
        ssl.keystore.location=%6$s
        ssl.keystore.password=%8$s
        ssl.key.password=%8$s
        ssl.truststore.type=PKCS12
        ssl.truststore.location=%7$s
        ssl.truststore.password=%8$s
        authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
        allow.everyone.if.no.acl.found=false
        super.users=User:%9$s;User:%10$s
        """
        .formatted(
            EmbeddedBroker.HOST,
            port,
            controllerPort,
            MECHANISM,
            jaas(ADMIN, passwords.get(ADMIN)),
            keystore,
            truststore,
            STORE_PASSWORD,
            ADMIN,
            NAME);
  }

  /** The users, as Kafka's storage tool takes them: one a line. */
  String users() {
    return passwords.entrySet().stream()
        .map(user -> MECHANISM + "=[name=" + user.getKey() + ",password=" + user.getValue() + "]")
        .collect(Collectors.joining("\n"));
  }

  private static String jaas(String user, String password) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
        .formatted(user, password);
  }

  private static Path certificate(Path store, String name) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "key",
            "-keyalg",
            "EC",
            "-dname",
            name,
            "-ext",
            "SAN=ip:" + EmbeddedBroker.HOST + ",dns:localhost",
            "-validity",
            "30",
            "-storetype",
            "PKCS12",
            "-storepass",
            STORE_PASSWORD,
            "-keystore",
            store.toString());
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes());
    try {
      if (keytool.waitFor() != 0) {
        throw new IOException("keytool: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a certificate was made", e);
    }
    return store;
  }

  private static Path trust(Path keystore, Path truststore) throws IOException {
    char[] password = STORE_PASSWORD.toCharArray();
    try (InputStream in = Files.newInputStream(keystore);
        OutputStream out = Files.newOutputStream(truststore)) {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(in, password);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, password);
      trusted.setCertificateEntry("broker", own.getCertificate("key"));
      trusted.store(out, password);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot make " + truststore, e);
    }
    return truststore;
  }
}
