package io.lift.testing;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;

/**
 * An OpenID Connect provider for tests, on the loopback interface: NAV's mock server. It signs
 * every token that a test asks for, and lets browsers sign in under any name.
 */
public final class OidcServer implements AutoCloseable {
  /** The client id for which its tokens are. */
  public static final String CLIENT = "lift";

  private static final String ISSUER = "acme";
  private static final Duration HOUR = Duration.ofHours(1);

  private final MockOAuth2Server server;

  /**
   * @param asking whether a browser that signs in is asked for a name and claims; without it, it is
   *     the user of {@link #signInAs} at once
   */
  public OidcServer(boolean asking) {
    this(asking, 0);
  }

  /**
   * A provider on a port.
   *
   * @param port 0 for a free one
   */
  public OidcServer(boolean asking, int port) {
    server =
        new MockOAuth2Server(
            OAuth2Config.Companion.fromJson(
                "{\"interactiveLogin\": %s, \"httpServer\": \"MockWebServerWrapper\"}"
                    .formatted(asking)));
    server.start(InetAddress.getLoopbackAddress(), port);
  }

  /** Its address, as {@code lift.http.oidc.issuer} takes it. */
  public String issuer() {
    return server.issuerUrl(ISSUER).toString();
  }

  /** The port on which it listens. */
  public int port() {
    return server.baseUrl().port();
  }

  /** A token of an hour with roles in the claim {@code roles}. */
  public String token(String name, String... roles) {
    return token(name, CLIENT, HOUR, Map.of("roles", List.of(roles)));
  }

  /**
   * A token.
   *
   * @param lifetime negative for one that has expired
   */
  public String token(String name, String audience, Duration lifetime, Map<String, Object> claims) {
    return issue(ISSUER, name, audience, lifetime, claims).serialize();
  }

  /** A token of another issuer of the same server, which is signed with a key of its own. */
  public String tokenOfAnotherIssuer(String name, String... roles) {
    return issue("other", name, CLIENT, HOUR, Map.of("roles", List.of(roles))).serialize();
  }

  /** The same as {@link #token}, signed with a key that the server does not know. */
  public String forgedToken(String name, String... roles) {
    SignedJWT real = issue(ISSUER, name, CLIENT, HOUR, Map.of("roles", List.of(roles)));
    try {
      KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
      keys.initialize(2048);
      SignedJWT forged =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(real.getHeader().getKeyID()).build(),
              real.getJWTClaimsSet());
      forged.sign(new RSASSASigner(keys.generateKeyPair().getPrivate()));
      return forged.serialize();
    } catch (GeneralSecurityException | ParseException | com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same as {@link #token} without a signature: {@code alg} is {@code none}. */
  public String unsignedToken(String name, String... roles) {
    SignedJWT real = issue(ISSUER, name, CLIENT, HOUR, Map.of("roles", List.of(roles)));
    try {
      JWTClaimsSet claims = real.getJWTClaimsSet();
      return new PlainJWT(claims).serialize();
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next browser that signs in is this user. */
  public void signInAs(String name, String... roles) {
    server.enqueueCallback(
        new DefaultOAuth2TokenCallback(
            ISSUER,
            name,
            "JWT",
            List.of(CLIENT),
            Map.of("preferred_username", name, "roles", Arrays.asList(roles)),
            HOUR.toSeconds()));
  }

  private SignedJWT issue(
      String issuer, String name, String audience, Duration lifetime, Map<String, Object> claims) {
    return server.issueToken(
        issuer,
        CLIENT,
        new DefaultOAuth2TokenCallback(
            issuer, name, "JWT", List.of(audience), claims, lifetime.toSeconds()));
  }

  @Override
  public void close() {
    server.shutdown();
  }
}
