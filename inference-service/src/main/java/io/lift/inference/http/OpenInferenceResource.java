package io.lift.inference.http;

import io.lift.inference.calls.CallException;
import io.lift.inference.calls.CallException.Kind;
import io.lift.inference.protocol.InferRequest;
import io.lift.inference.protocol.InferResponse;
import io.lift.inference.protocol.ModelMetadata;
import io.lift.inference.protocol.OpenInference;
import io.lift.inference.protocol.ServerMetadata;
import io.lift.messages.Json;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The Open Inference Protocol over REST. */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class OpenInferenceResource {
  /** The header of a body that is not JSON alone. */
  private static final String JSON_LENGTH = "Inference-Header-Content-Length";

  private final OpenInference protocol;

  OpenInferenceResource(OpenInference protocol) {
    this.protocol = protocol;
  }

  /**
   * Whether the service is alive.
   *
   * @param live whether it makes progress
   */
  public record Live(boolean live) {}

  /**
   * Whether the service is ready.
   *
   * @param ready whether it answers
   */
  public record Ready(boolean ready) {}

  /**
   * Whether a model is ready.
   *
   * @param name the task
   * @param ready whether its model answers
   */
  public record ModelReady(String name, boolean ready) {}

  /**
   * Why a call has no result.
   *
   * @param error one sentence
   */
  public record Failure(String error) {}

  @GET
  @Path("/health/live")
  public Response live() {
    boolean live = protocol.live();
    return health(live, new Live(live));
  }

  @GET
  @Path("/health/ready")
  public Response ready() {
    boolean ready = protocol.ready();
    return health(ready, new Ready(ready));
  }

  @GET
  public ServerMetadata server() {
    return protocol.server();
  }

  @GET
  @Path("/models/{task}")
  public ModelMetadata model(@PathParam("task") String task) throws CallException {
    return protocol.model(task, null);
  }

  @GET
  @Path("/models/{task}/versions/{version}")
  public ModelMetadata modelVersion(
      @PathParam("task") String task, @PathParam("version") String version) throws CallException {
    return protocol.model(task, version);
  }

  @GET
  @Path("/models/{task}/ready")
  public Response modelReady(@PathParam("task") String task) throws CallException {
    return modelVersionReady(task, null);
  }

  @GET
  @Path("/models/{task}/versions/{version}/ready")
  public Response modelVersionReady(
      @PathParam("task") String task, @PathParam("version") String version) throws CallException {
    boolean ready = protocol.ready(task, version);
    return health(ready, new ModelReady(task, ready));
  }

  @POST
  @Path("/models/{task}/infer")
  @Consumes(MediaType.APPLICATION_JSON)
  public InferResponse infer(
      @PathParam("task") String task, @HeaderParam(JSON_LENGTH) String jsonLength, byte[] body)
      throws CallException {
    return inferVersion(task, null, jsonLength, body);
  }

  @POST
  @Path("/models/{task}/versions/{version}/infer")
  @Consumes(MediaType.APPLICATION_JSON)
  public InferResponse inferVersion(
      @PathParam("task") String task,
      @PathParam("version") String version,
      @HeaderParam(JSON_LENGTH) String jsonLength,
      byte[] body)
      throws CallException {
    if (jsonLength != null) {
      throw new CallException(
          Kind.INVALID, "tensors in binary are taken over gRPC; over REST, send them as JSON");
    }
    return protocol.infer(task, version, body.length, () -> request(body));
  }

  private static InferRequest request(byte[] body) throws CallException {
    try {
      InferRequest request = Json.read(body, InferRequest.class);
      if (request != null) {
        return request;
      }
    } catch (UncheckedIOException e) {
      // the sentence below says what is expected
    }
    throw new CallException(
        Kind.INVALID,
        "the body must be a JSON object like {\"inputs\": [{\"name\": \"age\", \"shape\": [1],"
            + " \"datatype\": \"FP64\", \"data\": [41]}]}");
  }

  private static Response health(boolean good, Object entity) {
    return Response.status(good ? Response.Status.OK : Response.Status.SERVICE_UNAVAILABLE)
        .entity(entity)
        .build();
  }

  /** The errors of these paths are those of the protocol. */
  @ServerExceptionMapper
  Response failed(CallException error) {
    Response.ResponseBuilder response =
        Response.status(CallProblems.status(error.kind()))
            .type(MediaType.APPLICATION_JSON)
            .entity(new Failure(error.getMessage()));
    if (error.kind() == Kind.UNAVAILABLE) {
      response.header(HttpHeaders.RETRY_AFTER, 1);
    }
    return response.build();
  }
}
