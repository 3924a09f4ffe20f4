package io.lift.formats.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where a schema registry is.
 *
 * @param urls of the registry's replicas, without a slash at the end; empty if there is none
 * @param user for basic authentication; null for none
 * @param password of the user
 * @param token for a bearer token; null for none
 * @param trust certificates for {@code https}; null for those of the JVM
 * @param cache schemas that are kept at most
 */
public record RegistrySettings(
    List<String> urls, String user, String password, String token, SSLContext trust, int cache) {
  private static final int CACHE = 1000;

  public RegistrySettings {
    urls = urls.stream().map(url -> url.strip().replaceAll("/+$", "")).toList();
  }

  /**
   * A registry as it is configured.
   *
   * @param urls addresses with commas; empty for no registry
   * @param kafka settings of Kafka's clients, whose certificates are used for {@code https}
   * @throws IllegalArgumentException with one sentence, if the certificates cannot be read
   */
  public static RegistrySettings of(
      Optional<String> urls,
      Optional<String> user,
      Optional<String> password,
      Optional<String> token,
      Map<String, Object> kafka,
      int cache) {
    return new RegistrySettings(
        urls.map(all -> List.of(all.split(","))).orElse(List.of()),
        user.orElse(null),
        password.orElse(null),
        token.orElse(null),
        urls.isEmpty() ? null : RegistryTrust.of(kafka),
        cache);
  }

  /** No registry. */
  public static RegistrySettings none() {
    return of(List.of());
  }

  /** A registry without authentication. */
  public static RegistrySettings of(List<String> urls) {
    return new RegistrySettings(urls, null, null, null, null, CACHE);
  }
}
