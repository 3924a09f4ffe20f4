package io.lift.service.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.vertx.http.runtime.RouteConstants;
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
    router.errorHandler(404, context -> Problem.of(404).send(context.response()));
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
      context.next(); // Quarkus asks for the token, or closes the connection
      return;
    }
    int status = why instanceof ForbiddenException ? 403 : status(context);
    if (status == 500) {
      LOG.error("a call failed", why);
    }
    Problem.of(status).send(context.response());
  }

  /** The status that the failed route chose; 500 if it chose none. */
  private static int status(RoutingContext context) {
    return context.statusCode() >= 400 ? context.statusCode() : 500;
  }
}
