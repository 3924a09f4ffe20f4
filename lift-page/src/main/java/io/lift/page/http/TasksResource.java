package io.lift.page.http;

import io.lift.messages.EventMessage;
import io.lift.page.live.DeadLetterView;
import io.lift.page.live.LivePage;
import io.lift.page.live.TaskCard;
import io.lift.page.live.TaskDetail;
import io.lift.page.web.PagePath;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** What the page shows when it opens. */
@PagePath
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public class TasksResource {
  private static final int MOST_DEAD_LETTERS = 200;

  private final LivePage page;

  TasksResource(LivePage page) {
    this.page = page;
  }

  /**
   * All tasks.
   *
   * @param now epoch milliseconds
   * @param ready whether the log has been read to its end
   * @param tasks by name
   */
  public record Tasks(long now, boolean ready, List<TaskCard> tasks) {}

  @GET
  @Path("/tasks")
  public Tasks tasks() {
    long now = System.currentTimeMillis();
    return new Tasks(now, page.isReady(), page.cards(now));
  }

  @GET
  @Path("/tasks/{task}")
  public TaskDetail task(@PathParam("task") String task) {
    return page.detail(task, System.currentTimeMillis()).orElseThrow(() -> UnknownTask.of(task));
  }

  /** What somebody did or tried, newest first. */
  @GET
  @Path("/actions")
  public List<EventMessage> actions() {
    return page.actions();
  }

  @GET
  @Path("/dead-letters")
  public List<DeadLetterView> deadLetters(
      @QueryParam("task") String task, @QueryParam("limit") @DefaultValue("50") int limit) {
    return page.deadLetters(task, Math.max(0, Math.min(limit, MOST_DEAD_LETTERS)));
  }
}
