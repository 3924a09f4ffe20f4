package io.lift.inference.http;

import io.lift.core.task.TaskSpec;
import io.lift.inference.calls.CallException;
import io.lift.inference.calls.RowAnswers;
import io.lift.messages.HeaderValues;
import io.lift.messages.PredictionMessage;
import io.lift.service.http.ApiException;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** {@link RowAnswers} as Lift's own messages. */
@Path("/predict")
public class PredictResource {
  private final RowAnswers answers;

  PredictResource(RowAnswers answers) {
    this.answers = answers;
  }

  /**
   * Answers one row or a list of rows.
   *
   * @param name the task
   * @param explain whether to say what each column contributes: {@code true} or {@code false}, the
   *     default
   * @param body one flat JSON object, or an array of them
   * @return a {@link PredictionMessage}, or an array of them in the order of the rows
   */
  @POST
  @Path("/{task}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @Blocking
  public Object predict(
      @PathParam("task") String name, @QueryParam("explain") String explain, byte[] body) {
    try {
      answers.check(body.length);
      TaskSpec task = answers.task(name);
      RowBodies rows = split(body);
      List<PredictionMessage> predictions =
          answers.answer(task, null, rows.rows(), rows.list(), explains(explain)).predictions();
      return rows.list() ? predictions : predictions.get(0);
    } catch (CallException e) {
      throw CallProblems.of(e);
    }
  }

  private static boolean explains(String value) {
    try {
      return HeaderValues.isTrue("explain", value);
    } catch (IllegalArgumentException e) {
      throw new ApiException(Response.Status.BAD_REQUEST, e.getMessage());
    }
  }

  private RowBodies split(byte[] body) {
    try {
      return RowBodies.of(body, answers.maxRows());
    } catch (RowBodies.Malformed e) {
      throw new ApiException(Response.Status.BAD_REQUEST, e.getMessage());
    } catch (RowBodies.TooMany e) {
      throw new ApiException(Response.Status.REQUEST_ENTITY_TOO_LARGE, e.getMessage());
    }
  }
}
