package io.lift.service.http;

import io.lift.service.identity.Caller;
import io.lift.service.identity.Roles;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import jakarta.enterprise.event.Event;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Tells a viewer that an endpoint is for operators, and tells the service of the attempt. */
public class ForbiddenMapper {
  private final CurrentIdentityAssociation identity;
  private final Event<RefusedAction> refusals;

  ForbiddenMapper(CurrentIdentityAssociation identity, Event<RefusedAction> refusals) {
    this.identity = identity;
    this.refusals = refusals;
  }

  @ServerExceptionMapper
  Response refused(ForbiddenException error, ContainerRequestContext request) {
    Caller caller = Caller.of(identity.getIdentity());
    refusals.fire(
        new RefusedAction(
            caller, request.getMethod(), request.getUriInfo().getRequestUri().getPath()));
    return ApiException.response(Problem.of(403, RoleProblem.sentence(caller, Roles.OPERATOR)));
  }
}
