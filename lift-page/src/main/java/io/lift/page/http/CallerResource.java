package io.lift.page.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.page.web.PagePath;
import io.lift.service.identity.Caller;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Who looks at the page, and what they may do there. */
@PagePath
@Path("/api/me")
@Produces(MediaType.APPLICATION_JSON)
public class CallerResource {
  private final SecurityIdentity identity;

  CallerResource(SecurityIdentity identity) {
    this.identity = identity;
  }

  /**
   * The caller.
   *
   * @param name null where nobody has to sign in; {@code token} for the token of all
   * @param operator whether tasks can be created and rolled back
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Me(String name, boolean operator) {}

  @GET
  public Me me() {
    Caller caller = Caller.of(identity);
    return new Me(caller.name().orElse(null), caller.isOperator());
  }
}
