package io.lift.page.http;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.lift.core.task.Replay;
import io.lift.core.task.TaskSpec;
import io.lift.messages.Action.Outcome;
import io.lift.messages.Action.What;
import io.lift.page.audit.Audit;
import io.lift.page.create.TaskPublisher;
import io.lift.page.live.LivePage;
import io.lift.page.web.PagePath;
import io.lift.service.http.ApiException;
import io.lift.service.identity.Caller;
import io.lift.service.identity.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** Deletes tasks and lets them read their topics again, as the commands do. */
@PagePath
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public class ChangeResource {
  private final LivePage page;
  private final TaskPublisher publisher;
  private final Audit audit;
  private final SecurityIdentity identity;

  ChangeResource(LivePage page, TaskPublisher publisher, Audit audit, SecurityIdentity identity) {
    this.page = page;
    this.publisher = publisher;
    this.audit = audit;
    this.identity = identity;
  }

  /**
   * A task that is gone.
   *
   * @param task its name
   */
  public record Deleted(String task) {}

  /**
   * @param from earliest, latest or a moment
   * @param source one of the task's sources; null for all of them
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record ReplayBody(String from, String source) {}

  /**
   * A task that reads its topics again.
   *
   * @param task its name
   * @param version its new version
   * @param sources the topics that are read again
   */
  public record Replayed(String task, int version, List<String> sources) {}

  @DELETE
  @RolesAllowed(Roles.OPERATOR)
  @Path("/tasks/{task}")
  public Deleted delete(@PathParam("task") String task) throws InterruptedException {
    spec(task);
    change(What.DELETE, task, () -> publisher.delete(task));
    return new Deleted(task);
  }

  @POST
  @RolesAllowed(Roles.OPERATOR)
  @Path("/tasks/{task}/replay")
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = ReplayBody.class)))
  public Replayed replay(@PathParam("task") String task, InputStream body)
      throws IOException, InterruptedException {
    ReplayBody asked = Bodies.json(body, ReplayBody.class);
    TaskSpec spec = spec(task);
    if (asked.from() == null) {
      throw new ApiException(
          Status.BAD_REQUEST,
          "Say where to begin: {\"from\": \"earliest\"}, latest or a moment such as 2026-11-29T08:00:00Z.");
    }
    TaskSpec next;
    try {
      next = Replay.of(spec, asked.from(), asked.source(), System.currentTimeMillis());
    } catch (IllegalArgumentException e) {
      throw new ApiException(Status.BAD_REQUEST, e.getMessage());
    }
    change(What.REPLAY, task, () -> publisher.publish(next));
    return new Replayed(
        task,
        next.version(),
        asked.source() == null ? Replay.topics(spec) : List.of(asked.source()));
  }

  /** What Kafka may refuse. */
  @FunctionalInterface
  private interface Change {
    void make() throws InterruptedException, ExecutionException;
  }

  private void change(What what, String task, Change change) throws InterruptedException {
    Caller caller = Caller.of(identity);
    try {
      change.make();
    } catch (ExecutionException e) {
      String why = "Kafka did not accept the change: " + e.getCause().getMessage();
      audit.record(caller, what, task, Outcome.FAILED, null, why);
      throw new ApiException(Status.SERVICE_UNAVAILABLE, why);
    }
    audit.record(caller, what, task, Outcome.DONE, null, null);
  }

  private TaskSpec spec(String task) {
    return page.spec(task).orElseThrow(() -> UnknownTask.of(task));
  }
}
