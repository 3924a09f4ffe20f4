package io.lift.service.http;

import io.lift.service.identity.Caller;
import io.lift.service.identity.Roles;
import io.quarkus.oidc.OIDCException;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationRedirectException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers with a {@link Problem} where Quarkus would end a call before or after the endpoints. */
@ApplicationScoped
public class ProblemRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemRoutes.class);
  private static final int BEFORE_UPLOAD_LIMIT = RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1;

  private final long maxBody;

  ProblemRoutes(
      @ConfigProperty(name = "quarkus.http.limits.max-body-size", defaultValue = "10M")
          MemorySize maxBody) {
    this.maxBody = maxBody.asLongValue();
  }

  void register(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).failureHandler(this::failed);
    router.route().order(BEFORE_UPLOAD_LIMIT).handler(this::limitBody);
    router.errorHandler(404, context -> Problem.of(404).send(context.request()));
  }

  /** Quarkus ends such a call too, but with an empty body. */
  private void limitBody(RoutingContext context) {
    String length = context.request().getHeader("Content-Length");
    if (length != null && Long.parseLong(length) > maxBody) {
      HttpServerRequest request = context.request();
      request.response().endHandler(end -> request.connection().close());
      Problem.of(413).sendUnread(request);
      return;
    }
    context.next();
  }

  private void failed(RoutingContext context) {
    Throwable why = context.failure();
    if (why instanceof UnauthorizedException || context.response().headWritten()) {
      context.next(); // Quarkus asks who calls, or closes the connection
      return;
    }
    if (why instanceof AuthenticationRedirectException) {
      context.next(); // to the provider or back
      return;
    }
    Problem problem = problem(context, why);
    if (why instanceof ForbiddenException && LoginPage.wanted(context.request())) {
      LoginPage.refuse(context.response(), problem);
      return;
    }
    problem.send(context.request());
  }

  private static Problem problem(RoutingContext context, Throwable why) {
    if (why instanceof ForbiddenException) {
      SecurityIdentity identity = QuarkusHttpUser.getSecurityIdentityBlocking(context, null);
      return identity == null
          ? Problem.of(403)
          : Problem.of(403, RoleProblem.sentence(Caller.of(identity), Roles.VIEWER));
    }
    if (why instanceof AuthenticationCompletionException) {
      return Problem.of(401, "Signing in with the provider has failed: open /login to try again.");
    }
    if (why instanceof OIDCException) {
      return Problem.of(TokenProblem.AWAY.status(), TokenProblem.AWAY.sentence());
    }
    int status = status(context);
    if (status == 500) {
      LOG.error("a call failed", why);
    }
    return Problem.of(status);
  }

  /** The status that the failed route chose; 500 if it chose none. */
  private static int status(RoutingContext context) {
    return context.statusCode() >= 400 ? context.statusCode() : 500;
  }
}
