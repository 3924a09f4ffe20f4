package io.lift.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelReadyRequest;
import inference.ServerLiveRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A token guards REST and gRPC alike, except their probes. */
@QuarkusTest
@TestProfile(TokenIT.Secret.class)
@WithBroker
class TokenIT {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  public static final class Secret implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("lift.http.token", "s3cret");
    }
  }

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  private ManagedChannel channel;
  private GRPCInferenceServiceBlockingStub anonymous;

  @BeforeEach
  void openChannel() {
    channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", RestAssured.port).usePlaintext().build();
    anonymous = GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void closeChannel() {
    channel.shutdownNow();
  }

  @Test
  void probesNeedNoTokenAndEverythingElseDoes() {
    given().get("/v2/health/live").then().statusCode(200);
    assertThat(anonymous.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    for (String path : new String[] {"/v2", "/v2/models/x", "/v2/health/live/x", "/q/openapi"}) {
      given().get(path).then().statusCode(401);
    }
    given().contentType("application/json").body("{}").post("/predict/x").then().statusCode(401);
    code(anonymous, Status.Code.UNAUTHENTICATED);
    code(with("Bearer wrong"), Status.Code.UNAUTHENTICATED);
  }

  @Test
  void theTokenOpensBoth() {
    given().header("Authorization", "Bearer s3cret").get("/v2").then().statusCode(200);
    given().header("Authorization", "Bearer s3cret").get("/q/openapi").then().statusCode(200);
    assertThat(with("Bearer s3cret").serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
        .isTrue();
    InferenceClient.ready(bootstrap).close();
    code(with("Bearer s3cret"), Status.Code.NOT_FOUND);
  }

  private GRPCInferenceServiceBlockingStub with(String authorization) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, authorization);
    return anonymous.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static void code(GRPCInferenceServiceBlockingStub stub, Status.Code code) {
    ModelReadyRequest request = ModelReadyRequest.newBuilder().setName("nobody").build();
    assertThatThrownBy(() -> stub.modelReady(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> assertThat(failure.getStatus().getCode()).isEqualTo(code));
  }
}
