package io.lift.inference.http;

import io.lift.core.row.RejectReason;
import io.lift.inference.calls.CallException;
import io.lift.inference.calls.RowAnswers;
import io.lift.inference.config.InferenceConfig;
import io.lift.inference.generation.GenerationException;
import io.lift.inference.generation.RowGenerator;
import io.lift.messages.GenerateMessage;
import io.lift.messages.GeneratedMessage;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.service.http.ApiException;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Generated rows in the response. Nothing of a call is published. */
@Path("/generate")
public class GenerateResource {
  private final RowAnswers answers;
  private final RowGenerator generator;
  private final InferenceConfig.Http limits;

  GenerateResource(RowAnswers answers, RowGenerator generator, InferenceConfig config) {
    this.answers = answers;
    this.generator = generator;
    this.limits = config.http();
  }

  /**
   * The rows of a call.
   *
   * @param task the task
   * @param rows the values of each row by column, the target among them
   * @param rejected drafts that were no row of the task
   * @param checkpoint what they were sampled from
   */
  public record Generated(
      String task,
      List<Map<String, Object>> rows,
      int rejected,
      PredictionMessage.Checkpoint checkpoint) {}

  /**
   * Samples rows.
   *
   * @param name the task
   * @param body a {@link GenerateMessage}; the path names the task, and an id is not needed
   */
  @POST
  @Path("/{task}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @Blocking
  public Generated generate(@PathParam("task") String name, byte[] body) {
    try {
      answers.check(body.length);
      List<GeneratedMessage> rows =
          generator.generate(request(name, body), limits.maxRows(), limits.timeout());
      return new Generated(
          name,
          rows.stream().map(GeneratedMessage::row).toList(),
          rows.get(0).rejected(),
          rows.get(0).checkpoint());
    } catch (CallException e) {
      throw CallProblems.of(e);
    } catch (GenerationException e) {
      throw new ApiException(status(e.reason()), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(Response.Status.SERVICE_UNAVAILABLE, "the service is stopping");
    }
  }

  private static GenerateMessage request(String task, byte[] body) {
    GenerateMessage read;
    try {
      read = Json.read(body, GenerateMessage.class);
    } catch (UncheckedIOException e) {
      read = null;
    }
    if (read == null) {
      throw new ApiException(
          Response.Status.BAD_REQUEST,
          "the body must be a JSON object like {\"rows\": 10, \"given\": {}}");
    }
    return new GenerateMessage(
        UUID.randomUUID().toString(),
        task,
        read.rows(),
        read.given(),
        read.temperature(),
        read.seed());
  }

  private static Response.Status status(RejectReason reason) {
    return switch (reason) {
      case UNKNOWN_TASK -> Response.Status.NOT_FOUND;
      case NO_CHECKPOINT, NOTHING_GENERATED, INTERNAL -> Response.Status.SERVICE_UNAVAILABLE;
      default -> Response.Status.BAD_REQUEST;
    };
  }
}
