package io.lift.service.http;

import io.lift.service.identity.Caller;
import io.lift.service.identity.OidcSettings;
import io.lift.service.identity.Roles;
import io.quarkus.oidc.OIDCException;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.oidc.runtime.TenantConfigBean;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Knows a caller by the token of {@code lift.http.token}, which comes as a bearer token or as the
 * cookie of the {@link LoginRoutes}, or by what the OpenID Connect provider says. Where neither is
 * set, everyone may do everything. It answers every call that it does not let pass.
 */
@Singleton
public class CallerAuthentication implements HttpAuthenticationMechanism {
  /** The cookie of a browser that has signed in with the token. */
  static final String COOKIE = "lift_session";

  private static final String BEARER = "Bearer ";

  /** Before Quarkus's mechanism for OpenID Connect, which this one asks itself. */
  private static final int PRIORITY = 10_000;

  /** How long the provider may take for an answer; its keys are fetched once. */
  private static final Duration PROVIDER = Duration.ofSeconds(5);

  private static final SecurityIdentity EVERYONE =
      QuarkusSecurityIdentity.builder()
          .setPrincipal(new QuarkusPrincipal(""))
          .setAnonymous(true)
          .addRoles(Roles.ALL)
          .build();
  private static final SecurityIdentity TOKEN =
      QuarkusSecurityIdentity.builder()
          .setPrincipal(new QuarkusPrincipal(Caller.OF_TOKEN))
          .addRoles(Roles.ALL)
          .build();

  private final Optional<AccessToken> token;
  private final boolean oidcEnabled;
  private final OidcAuthenticationMechanism oidc;
  private final ProviderLog provider = new ProviderLog();

  CallerAuthentication(
      HttpConfig config,
      @ConfigProperty(name = OidcSettings.ENABLED) boolean oidcEnabled,
      OidcAuthenticationMechanism oidc) {
    this.token = token(config);
    this.oidcEnabled = oidcEnabled;
    this.oidc = oidc;
  }

  /** A provider that was away when the service started is in its log. */
  void started(@Observes StartupEvent event, TenantConfigBean provider) {
    if (oidcEnabled && !provider.getDefaultTenant().ready()) {
      this.provider.away();
    }
  }

  /** The token of the settings; empty if there is none, or a blank one. */
  static Optional<AccessToken> token(HttpConfig config) {
    return config.token().filter(given -> !given.isBlank()).map(AccessToken::new);
  }

  /** Whether callers have to say who they are. */
  boolean isRequired() {
    return token.isPresent() || oidcEnabled;
  }

  /** The token of the settings; empty if there is none. */
  Optional<AccessToken> token() {
    return token;
  }

  /** Whether browsers can sign in with a provider. */
  boolean oidcEnabled() {
    return oidcEnabled;
  }

  /** A caller whom nothing identifies is anonymous, so that open paths can still be read. */
  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identities) {
    if (!isRequired()) {
      return Uni.createFrom().item(EVERYONE);
    }
    if (token.isPresent() && known(token.get(), context.request())) {
      return Uni.createFrom().item(TOKEN);
    }
    if (!oidcEnabled) {
      return Uni.createFrom().nullItem();
    }
    return bounded(oidc.authenticate(context, identities))
        .invoke(identity -> provider.asked(identity != null))
        .onFailure(TokenProblem::isAway)
        .invoke(provider::away)
        .onFailure(AuthenticationFailedException.class)
        .invoke(why -> refused(context, why));
  }

  /** A provider that takes a connection and stays silent must not hold the caller. */
  private static <T> Uni<T> bounded(Uni<T> asked) {
    return asked
        .ifNoItem()
        .after(PROVIDER)
        .failWith(() -> new OIDCException("no answer within " + PROVIDER));
  }

  /** Quarkus lets the mechanism answer that has put itself into the context last. */
  private void refused(RoutingContext context, Throwable why) {
    context.put(HttpAuthenticationMechanism.class.getName(), this);
    context.put(TokenProblem.class.getName(), TokenProblem.of(why));
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

  /** Sends a browser that wants a page to sign in, and tells any other caller what to send. */
  @Override
  public Uni<Boolean> sendChallenge(RoutingContext context) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    if (oidcEnabled && request.path().equals(LoginRoutes.OIDC_PATH)) {
      return bounded(oidc.sendChallenge(context))
          .invoke(sent -> response.end())
          .onFailure(TokenProblem::isAway)
          .recoverWithItem(away -> answer(TokenProblem.AWAY, request));
    }
    TokenProblem problem = context.get(TokenProblem.class.getName());
    if (problem == TokenProblem.AWAY) {
      return Uni.createFrom().item(answer(problem, request));
    }
    LoginRoutes.forgetSession(request);
    if (LoginPage.wanted(request)) {
      String form = token.isPresent() || !oidcEnabled ? LoginRoutes.PATH : LoginRoutes.OIDC_PATH;
      response.setStatusCode(303).putHeader("Location", form).end();
      return Uni.createFrom().item(true);
    }
    if (problem == null) {
      problem = oidcEnabled ? TokenProblem.MISSING_OIDC : TokenProblem.MISSING;
    }
    return Uni.createFrom().item(answer(problem, request));
  }

  private static boolean answer(TokenProblem problem, HttpServerRequest request) {
    if (problem.status() == 401) {
      request.response().putHeader("WWW-Authenticate", "Bearer");
    }
    Problem.of(problem.status(), problem.sentence()).sendUnread(request);
    return true;
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }
}
