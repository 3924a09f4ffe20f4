package io.lift.evaluator;

import io.lift.messages.MetricsMessage;
import io.lift.service.http.ApiException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.TreeMap;

/** The newest metrics over HTTP. Any replica answers for every task. */
@Path("/metrics")
@Produces(MediaType.APPLICATION_JSON)
public class MetricsResource {
  private final Evaluator evaluator;

  MetricsResource(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  /** All tasks by name. */
  @GET
  public Map<String, MetricsMessage> all() {
    return new TreeMap<>(evaluator.all());
  }

  @GET
  @Path("/{task}")
  public MetricsMessage task(String task) {
    return evaluator.of(task).orElseThrow(() -> unknown(task));
  }

  private static ApiException unknown(String task) {
    return new ApiException(
        Response.Status.NOT_FOUND,
        "there is no task %s, or nothing is known of it yet".formatted(task));
  }
}
