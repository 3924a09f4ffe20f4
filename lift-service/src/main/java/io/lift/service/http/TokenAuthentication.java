package io.lift.service.http;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Knows a caller by the token of {@code lift.http.token}, which comes as a bearer token or as the
 * cookie of the {@link LoginRoutes}. It is the policy {@code token} of {@code
 * quarkus.http.auth.permission} too: without a token in the settings, everyone may call.
 */
@Singleton
public class TokenAuthentication implements HttpAuthenticationMechanism, HttpSecurityPolicy {
  /** The cookie of a signed-in browser. */
  static final String COOKIE = "lift_session";

  private static final String BEARER = "Bearer ";
  private static final SecurityIdentity CALLER =
      QuarkusSecurityIdentity.builder().setPrincipal(new QuarkusPrincipal("token")).build();

  private final Optional<AccessToken> token;

  TokenAuthentication(HttpConfig config) {
    token = config.token().filter(given -> !given.isBlank()).map(AccessToken::new);
  }

  /** The token of the settings; empty if the service needs none. */
  Optional<AccessToken> token() {
    return token;
  }

  /** A caller without a valid token is anonymous, so that it can still read open paths. */
  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identities) {
    boolean known = token.isPresent() && known(token.get(), context.request());
    return Uni.createFrom().item(known ? CALLER : null);
  }

  private static boolean known(AccessToken token, HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    Cookie session = request.getCookie(COOKIE);
    return (authorization != null
            && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
            && token.accepts(authorization.substring(BEARER.length())))
        || (session != null && token.acceptsSession(session.getValue()));
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext context) {
    return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
  }

  /** Sends a browser that wants a page to the form, and tells any other caller what to send. */
  @Override
  public Uni<Boolean> sendChallenge(RoutingContext context) {
    HttpServerResponse response = context.response();
    if (wantsPage(context.request())) {
      response.setStatusCode(303).putHeader("Location", LoginRoutes.PATH).end();
    } else {
      response.putHeader("WWW-Authenticate", "Bearer");
      Problem.of(401).sendUnread(context.request());
    }
    return Uni.createFrom().item(true);
  }

  private static boolean wantsPage(HttpServerRequest request) {
    String method = request.method().name();
    String accept = request.getHeader("Accept");
    return (method.equals("GET") || method.equals("HEAD"))
        && accept != null
        && accept.contains("text/html");
  }

  @Override
  public String name() {
    return "token";
  }

  @Override
  public Uni<CheckResult> checkPermission(
      RoutingContext request,
      Uni<SecurityIdentity> identity,
      AuthorizationRequestContext requestContext) {
    return token.isEmpty()
        ? Uni.createFrom().item(CheckResult.PERMIT)
        : identity.map(caller -> caller.isAnonymous() ? CheckResult.DENY : CheckResult.PERMIT);
  }
}
