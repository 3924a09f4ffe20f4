package io.lift.page.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.answer.Answer;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.FlatJson;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import io.lift.messages.Explanation;
import io.lift.messages.HeaderValues;
import io.lift.messages.PredictionMessage;
import io.lift.page.create.Proposal;
import io.lift.page.live.LivePage;
import io.lift.page.live.Prediction;
import io.lift.page.live.ReplyClient;
import io.lift.page.web.PagePath;
import io.lift.service.http.ApiException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** Tries a row: through Kafka, as every row goes, but counted nowhere. */
@PagePath
@Path("/api/tasks/{task}/try")
@Produces(MediaType.APPLICATION_JSON)
public class TryResource {
  private static final int SHOWN_LABELS = 20;

  private final LivePage page;
  private final ReplyClient replies;

  TryResource(LivePage page, ReplyClient replies) {
    this.page = page;
    this.replies = replies;
  }

  /**
   * The answer to a tried row.
   *
   * @param prompt the row as the model reads it
   * @param status {@code answered}, {@code expired} or {@code failed}
   * @param label of a classification: the answer
   * @param probability of a classification: that of the answer
   * @param probabilities of a classification: the most probable labels, falling
   * @param value of a regression: the answer
   * @param interval of a regression: the interval that holds the truth in most cases
   * @param labels of a classification: the conformal label set; null before the first calibration
   * @param coverage the share of rows whose set should hold the truth; null without it
   * @param abstained true if the answer is less probable than the task requires; otherwise null
   * @param missing columns that the row did not name; null for none
   * @param version the checkpoint that answered; 0 is the base model
   * @param context how many labelled rows the answer is based on that no checkpoint had learned;
   *     null for none
   * @param explanation what each column contributes, if that was asked for; otherwise null
   * @param message of a failed request: why
   * @param millis how long it took
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Tried(
      String prompt,
      PredictionMessage.Status status,
      String label,
      Double probability,
      Map<String, Double> probabilities,
      Double value,
      Answer.Interval interval,
      List<String> labels,
      Double coverage,
      Boolean abstained,
      List<String> missing,
      Long version,
      Integer context,
      Explanation explanation,
      String message,
      long millis) {}

  @POST
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(type = SchemaType.OBJECT)))
  public Tried tryRow(
      @PathParam("task") String name,
      @Parameter(description = "Whether to say what each column contributes: true or false")
          @QueryParam("explain")
          String explain,
      InputStream body)
      throws IOException, InterruptedException {
    TaskSpec task = page.spec(name).orElseThrow(() -> UnknownTask.of(name));
    long began = System.nanoTime();
    byte[] row;
    String prompt;
    try {
      Map<String, String> values = new LinkedHashMap<>(FlatJson.scalars(Bodies.bytes(body)));
      values.remove(task.target().name());
      // the answer says which fields were left empty
      values.values().removeIf(value -> value == null || value.isBlank());
      row = new JsonRows(task).write(values);
      prompt = new TaskLanguage(task).prompt(new RowParser(task).parse(row)).text();
    } catch (RowRejectedException e) {
      throw new ApiException(Status.BAD_REQUEST, Proposal.sentence(e.getMessage()));
    }
    try {
      PredictionMessage answer = replies.request(name, row, explains(explain));
      return tried(prompt, answer, (System.nanoTime() - began) / 1_000_000);
    } catch (TimeoutException e) {
      throw new ApiException(
          Status.GATEWAY_TIMEOUT,
          "No answer has come in time: is an inference service running, and does it keep up?");
    } catch (ExecutionException e) {
      throw new ApiException(
          Status.SERVICE_UNAVAILABLE, "Kafka did not accept the row: " + e.getCause().getMessage());
    }
  }

  private static boolean explains(String value) {
    try {
      return HeaderValues.isTrue("explain", value);
    } catch (IllegalArgumentException e) {
      throw new ApiException(Status.BAD_REQUEST, e.getMessage() + ".");
    }
  }

  private static Tried tried(String prompt, PredictionMessage message, long millis) {
    Answer answer = message.answer() == null ? Answer.ofLabels(null, null) : message.answer();
    Map<String, Double> all = answer.probabilities();
    return new Tried(
        prompt,
        message.status(),
        answer.label(),
        all == null ? null : all.get(answer.label()),
        Prediction.mostProbable(all, SHOWN_LABELS),
        answer.value(),
        answer.interval(),
        answer.calibration() == null ? null : answer.labels(),
        answer.calibration() == null || all == null ? null : answer.calibration().coverage(),
        answer.abstained(),
        message.missing(),
        message.checkpoint() == null ? null : message.checkpoint().version(),
        message.support() == null ? null : message.support().rows(),
        message.explanation(),
        message.message(),
        millis);
  }
}
