package io.lift.inference.grpc;

import inference.GRPCInferenceService;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelReadyRequest;
import inference.ModelReadyResponse;
import inference.ServerLiveRequest;
import inference.ServerLiveResponse;
import inference.ServerMetadataRequest;
import inference.ServerMetadataResponse;
import inference.ServerReadyRequest;
import inference.ServerReadyResponse;
import io.grpc.Status;
import io.lift.inference.calls.CallException;
import io.lift.inference.protocol.ModelMetadata;
import io.lift.inference.protocol.OpenInference;
import io.lift.inference.protocol.ServerMetadata;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Open Inference Protocol over gRPC. Errors are statuses of gRPC with one sentence. */
@GrpcService
@Blocking
public class OpenInferenceService implements GRPCInferenceService {
  private static final Logger LOG = LoggerFactory.getLogger(OpenInferenceService.class);

  private final OpenInference protocol;

  OpenInferenceService(OpenInference protocol) {
    this.protocol = protocol;
  }

  @Override
  public Uni<ServerLiveResponse> serverLive(ServerLiveRequest request) {
    return answer(() -> ServerLiveResponse.newBuilder().setLive(protocol.live()).build());
  }

  @Override
  public Uni<ServerReadyResponse> serverReady(ServerReadyRequest request) {
    return answer(() -> ServerReadyResponse.newBuilder().setReady(protocol.ready()).build());
  }

  @Override
  public Uni<ModelReadyResponse> modelReady(ModelReadyRequest request) {
    return answer(
        () ->
            ModelReadyResponse.newBuilder()
                .setReady(protocol.ready(request.getName(), request.getVersion()))
                .build());
  }

  @Override
  public Uni<ServerMetadataResponse> serverMetadata(ServerMetadataRequest request) {
    ServerMetadata server = protocol.server();
    return answer(
        () ->
            ServerMetadataResponse.newBuilder()
                .setName(server.name())
                .setVersion(server.version())
                .addAllExtensions(server.extensions())
                .build());
  }

  @Override
  public Uni<ModelMetadataResponse> modelMetadata(ModelMetadataRequest request) {
    return answer(
        () -> {
          ModelMetadata model = protocol.model(request.getName(), request.getVersion());
          return ModelMetadataResponse.newBuilder()
              .setName(model.name())
              .addAllVersions(model.versions())
              .setPlatform(model.platform())
              .addAllInputs(tensors(model.inputs()))
              .addAllOutputs(tensors(model.outputs()))
              .build();
        });
  }

  private static List<ModelMetadataResponse.TensorMetadata> tensors(
      List<ModelMetadata.TensorMetadata> tensors) {
    return tensors.stream()
        .map(
            tensor ->
                ModelMetadataResponse.TensorMetadata.newBuilder()
                    .setName(tensor.name())
                    .setDatatype(tensor.datatype())
                    .addAllShape(tensor.shape())
                    .build())
        .toList();
  }

  @Override
  public Uni<ModelInferResponse> modelInfer(ModelInferRequest request) {
    return answer(
        () ->
            TensorMessages.response(
                protocol.infer(
                    request.getModelName(),
                    request.getModelVersion(),
                    request.getSerializedSize(),
                    () -> TensorMessages.request(request)),
                request));
  }

  private static <R> Uni<R> answer(Callable<R> call) {
    try {
      return Uni.createFrom().item(call.call());
    } catch (CallException e) {
      return failure(status(e.kind()), e.getMessage());
    } catch (Exception e) {
      LOG.error("a call failed", e);
      return failure(Status.INTERNAL, "The service failed; its log says why.");
    }
  }

  private static <R> Uni<R> failure(Status status, String why) {
    return Uni.createFrom().failure(status.withDescription(why).asRuntimeException());
  }

  private static Status status(CallException.Kind kind) {
    return switch (kind) {
      case INVALID -> Status.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.NOT_FOUND;
      case TOO_LARGE -> Status.RESOURCE_EXHAUSTED;
      case UNAVAILABLE -> Status.UNAVAILABLE;
      case FAILED -> Status.INTERNAL;
    };
  }
}
