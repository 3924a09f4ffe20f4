package io.lift.page.http;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.messages.Action;
import io.lift.messages.Action.What;
import io.lift.page.audit.Audit;
import io.lift.page.live.LivePage;
import io.lift.page.live.RollbackClient;
import io.lift.page.live.RollbackClient.Outcome;
import io.lift.page.live.RollbackClient.Sent;
import io.lift.page.live.TaskCard;
import io.lift.page.web.PagePath;
import io.lift.service.http.ApiException;
import io.lift.service.identity.Caller;
import io.lift.service.identity.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ExecutionException;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** Rolls a task back to an earlier checkpoint, through the trainer that has the task. */
@PagePath
@Path("/api/tasks/{task}/rollback")
@Produces(MediaType.APPLICATION_JSON)
public class RollbackResource {
  private final LivePage page;
  private final RollbackClient rollbacks;
  private final Audit audit;
  private final SecurityIdentity identity;

  RollbackResource(
      LivePage page, RollbackClient rollbacks, Audit audit, SecurityIdentity identity) {
    this.page = page;
    this.rollbacks = rollbacks;
    this.audit = audit;
    this.identity = identity;
  }

  /**
   * @param version where to go back to
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record RollbackBody(Long version) {}

  /**
   * The result of a rollback.
   *
   * @param state {@code done}, or {@code waiting} if no trainer has acted yet
   * @param checkpoint the new version; null if no trainer has acted yet
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RolledBack(String state, TaskCard.Current checkpoint) {}

  @POST
  @RolesAllowed(Roles.OPERATOR)
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = RollbackBody.class)))
  @APIResponseSchema(RolledBack.class)
  public Response rollBack(@PathParam("task") String task, InputStream body)
      throws IOException, InterruptedException {
    Long version = Bodies.json(body, RollbackBody.class).version();
    if (version == null) {
      throw new ApiException(
          Status.BAD_REQUEST, "Say which version to go back to: {\"version\": 17}.");
    }
    page.spec(task).orElseThrow(() -> UnknownTask.of(task));
    Caller caller = Caller.of(identity);
    try {
      Sent sent = rollbacks.send(task, version, caller.name().orElse(null));
      audit.record(caller, What.ROLL_BACK, task, Action.Outcome.REQUESTED, version, null);
      Outcome outcome = rollbacks.await(sent);
      if (outcome.rejected() != null) {
        audit.record(
            caller, What.ROLL_BACK, task, Action.Outcome.FAILED, version, outcome.rejected());
        throw new ApiException(Status.CONFLICT, outcome.rejected());
      }
      return outcome.done() == null
          ? Response.status(202).entity(new RolledBack("waiting", null)).build()
          : Response.ok(new RolledBack("done", outcome.done())).build();
    } catch (ExecutionException e) {
      throw new ApiException(
          Status.SERVICE_UNAVAILABLE,
          "Kafka did not accept the request: " + e.getCause().getMessage());
    }
  }
}
