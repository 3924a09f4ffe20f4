package io.lift.it;

import io.lift.broker.BrokerSecurity;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import no.nav.security.mock.oauth2.http.Route;
import okhttp3.Headers;

/** An OAuth server with one client, which shows its secret and gets tokens. */
final class TokenServer implements AutoCloseable {
  private static final String ISSUER = "lift";
  private static final String CLIENT = "lift-client";
  private static final String SECRET = "of-the-client";
  private static final String AUDIENCE = "kafka";

  private final MockOAuth2Server server;

  TokenServer() {
    server = new MockOAuth2Server(new WrongSecret());
    server.start();
  }

  /** The server takes every secret; this route goes first. */
  private static final class WrongSecret implements Route {
    @Override
    public boolean match(OAuth2HttpRequest request) {
      String expected =
          Base64.getEncoder()
              .encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
      return request.getUrl().encodedPath().endsWith("/token")
          && !("Basic " + expected).equals(request.getHeaders().get("Authorization"));
    }

    @Override
    public OAuth2HttpResponse invoke(OAuth2HttpRequest request) {
      return new OAuth2HttpResponse(
          Headers.of("Content-Type", "application/json"),
          401,
          "{\"error\":\"invalid_client\",\"error_description\":\"wrong secret\"}",
          null);
    }
  }

  /** What a broker has to know. */
  BrokerSecurity.Login login() {
    String keys = server.jwksUrl(ISSUER).toString();
    return new BrokerSecurity.Login(
        "OAUTHBEARER",
        Map.of(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;",
            "sasl.server.callback.handler.class",
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler",
            "sasl.oauthbearer.jwks.endpoint.url",
            keys,
            "sasl.oauthbearer.expected.issuer",
            server.issuerUrl(ISSUER).toString(),
            "sasl.oauthbearer.expected.audience",
            AUDIENCE),
        CLIENT,
        keys);
  }

  String tokenUrl() {
    return server.tokenEndpointUrl(ISSUER).toString();
  }

  /** Settings of Kafka's clients. */
  Map<String, String> client() {
    return client(SECRET);
  }

  /** The same with any secret. */
  Map<String, String> client(String secret) {
    return Map.of(
        "security.protocol",
        "SASL_SSL",
        "sasl.mechanism",
        "OAUTHBEARER",
        "sasl.jaas.config",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;",
        "sasl.login.callback.handler.class",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler",
        "sasl.oauthbearer.token.endpoint.url",
        tokenUrl(),
        "sasl.oauthbearer.client.credentials.client.id",
        CLIENT,
        "sasl.oauthbearer.client.credentials.client.secret",
        secret,
        "sasl.oauthbearer.scope",
        AUDIENCE);
  }

  @Override
  public void close() {
    server.shutdown();
  }
}
