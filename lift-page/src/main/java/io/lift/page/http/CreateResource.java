package io.lift.page.http;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.lift.core.table.InvalidCsvException;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.Action;
import io.lift.messages.Action.What;
import io.lift.page.audit.Audit;
import io.lift.page.create.Choices;
import io.lift.page.create.Proposal;
import io.lift.page.create.ProposalView;
import io.lift.page.create.Proposals;
import io.lift.page.create.RowUploads;
import io.lift.page.create.SourceTopics;
import io.lift.page.create.SourceTopics.SourceTopic;
import io.lift.page.create.TaskPublisher;
import io.lift.page.live.LivePage;
import io.lift.page.web.PagePath;
import io.lift.service.http.ApiException;
import io.lift.service.identity.Caller;
import io.lift.service.identity.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** Creates tasks from uploaded tables and from topics. */
@PagePath
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public class CreateResource {
  private static final int LONGEST_NAME = 200;

  private final KafkaConnection kafka;
  private final LivePage page;
  private final Proposals proposals;
  private final TaskPublisher publisher;
  private final RowUploads uploads;
  private final Audit audit;
  private final SecurityIdentity identity;

  CreateResource(
      KafkaConnection kafka,
      LivePage page,
      Proposals proposals,
      TaskPublisher publisher,
      RowUploads uploads,
      Audit audit,
      SecurityIdentity identity) {
    this.kafka = kafka;
    this.page = page;
    this.proposals = proposals;
    this.publisher = publisher;
    this.uploads = uploads;
    this.audit = audit;
    this.identity = identity;
  }

  /**
   * @param topic where the rows are
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record TopicRequest(String topic) {}

  /**
   * @param proposal its id
   * @param choices changes of the choices; null for none
   * @param send whether the rows of a table are to be sent; null for yes
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record CreateRequest(String proposal, Choices choices, Boolean send) {}

  /**
   * @param task its name
   * @param rows rows that are being sent
   */
  public record Created(String task, long rows) {}

  @GET
  @Path("/topics")
  public List<SourceTopic> topics() throws InterruptedException {
    try {
      return SourceTopics.list(kafka);
    } catch (ExecutionException e) {
      throw new ApiException(
          Status.SERVICE_UNAVAILABLE,
          "Kafka did not list its topics: " + e.getCause().getMessage());
    }
  }

  @POST
  @RolesAllowed(Roles.OPERATOR)
  @Path("/proposals/csv")
  @RequestBody(
      content = @Content(mediaType = "text/csv", schema = @Schema(type = SchemaType.STRING)))
  public ProposalView table(
      @QueryParam("name") @DefaultValue("table.csv") String name, InputStream body)
      throws IOException, InterruptedException {
    String shown = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    try {
      return proposals.table(shown, body).view();
    } catch (InvalidCsvException | IllegalArgumentException e) {
      throw rejected(Status.BAD_REQUEST, e);
    } catch (Proposals.TooLarge e) {
      throw rejected(Status.REQUEST_ENTITY_TOO_LARGE, e);
    } catch (Proposals.Busy e) {
      throw rejected(Status.SERVICE_UNAVAILABLE, e);
    }
  }

  @POST
  @RolesAllowed(Roles.OPERATOR)
  @Path("/proposals/topic")
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = TopicRequest.class)))
  public ProposalView topic(InputStream body) throws IOException, InterruptedException {
    String topic = Bodies.json(body, TopicRequest.class).topic();
    if (topic == null || !SourceTopics.possible(kafka.topics(), topic)) {
      throw new ApiException(
          Status.BAD_REQUEST, "A task is inferred from a topic of your own: {\"topic\": \"…\"}.");
    }
    try {
      return proposals.topic(kafka.settings(), topic).view();
    } catch (IllegalArgumentException e) {
      throw rejected(Status.BAD_REQUEST, e);
    } catch (Proposals.Busy e) {
      throw rejected(Status.SERVICE_UNAVAILABLE, e);
    }
  }

  @POST
  @RolesAllowed(Roles.OPERATOR)
  @Path("/proposals/{id}")
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Choices.class)))
  public ProposalView correct(@PathParam("id") String id, InputStream body) throws IOException {
    Choices choices = Bodies.json(body, Choices.class);
    Proposal proposal = proposals.find(id).orElseThrow(CreateResource::expired);
    proposal.choose(choices);
    return proposal.view();
  }

  @POST
  @RolesAllowed(Roles.OPERATOR)
  @Path("/tasks")
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CreateRequest.class)))
  @APIResponseSchema(value = Created.class, responseCode = "201")
  public Response create(InputStream body) throws IOException, InterruptedException {
    CreateRequest request = Bodies.json(body, CreateRequest.class);
    String id = request.proposal() == null ? "" : request.proposal();
    Proposal proposal = proposals.find(id).orElseThrow(CreateResource::expired);
    if (request.choices() != null) {
      proposal.choose(request.choices());
    }
    TaskSpec task;
    try {
      task = proposal.task();
    } catch (IllegalArgumentException e) {
      throw rejected(Status.BAD_REQUEST, e);
    }
    if (page.spec(task.name()).isPresent()) {
      throw new ApiException(
          Status.CONFLICT, "There is a task '%s' already.".formatted(task.name()));
    }
    boolean send = proposal.file() != null && !Boolean.FALSE.equals(request.send());
    try {
      publisher.publish(task);
      audit.record(Caller.of(identity), What.CREATE, task.name(), Action.Outcome.DONE, null, null);
      proposals.take(id);
      if (send) {
        uploads.send(task, proposal.file(), proposal.rows());
      } else {
        Proposals.drop(proposal);
      }
    } catch (ExecutionException e) {
      throw new ApiException(
          Status.SERVICE_UNAVAILABLE,
          "Kafka did not accept the task: " + e.getCause().getMessage());
    } catch (RejectedExecutionException e) {
      Proposals.drop(proposal);
      throw new ApiException(
          Status.SERVICE_UNAVAILABLE,
          "The task is created, but too many tables are being sent: send its rows later.");
    }
    return Response.status(201)
        .entity(new Created(task.name(), send ? proposal.rows() : 0))
        .build();
  }

  private static ApiException expired() {
    return new ApiException(Status.NOT_FOUND, "The proposal has expired; drop the table again.");
  }

  private static ApiException rejected(Status status, Exception why) {
    return new ApiException(status, Proposal.sentence(why.getMessage()));
  }
}
