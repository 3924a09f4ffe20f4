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
import io.lift.testing.OidcResource;
import io.lift.testing.OidcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The roles of an OpenID Connect provider hold for REST and gRPC alike. */
@QuarkusTest
@WithBroker
@QuarkusTestResource(value = OidcResource.class, restrictToAnnotatedClass = true)
class OidcIT {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  private final OidcServer server = OidcResource.server();
  private ManagedChannel channel;
  private GRPCInferenceServiceBlockingStub anonymous;

  @BeforeEach
  void openChannel() {
    InferenceClient.ready(bootstrap).close();
    channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", RestAssured.port).usePlaintext().build();
    anonymous = GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void closeChannel() {
    channel.shutdownNow();
  }

  @Test
  void aViewerAsksForPredictions() {
    for (String role : new String[] {"viewer", "operator"}) {
      String token = server.token("anna", role);
      rest(token, "/v2", 200);
      rest(token, "/q/openapi", 200);
      given()
          .header("Authorization", "Bearer " + token)
          .contentType("application/json")
          .body("{}")
          .post("/predict/nobody")
          .then()
          .statusCode(404);
      code(token, Status.Code.NOT_FOUND, "no task nobody");
    }
  }

  @Test
  void nobodyElseGetsMoreThanTheProbes() {
    assertThat(anonymous.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    given().get("/v2").then().statusCode(401);

    String roleless = server.token("otto");
    rest(roleless, "/v2", 403);
    code(roleless, Status.Code.PERMISSION_DENIED, "needs the role viewer, which 'otto' lacks");

    Map<String, Object> viewer = Map.of("roles", "viewer");
    String expired = server.token("anna", OidcServer.CLIENT, Duration.ofHours(-1), viewer);
    for (String token : new String[] {expired, server.forgedToken("anna", "viewer")}) {
      rest(token, "/v2", 401);
      code(token, Status.Code.UNAUTHENTICATED, "The token ");
    }
  }

  private static void rest(String token, String path, int status) {
    given().header("Authorization", "Bearer " + token).get(path).then().statusCode(status);
  }

  private void code(String token, Status.Code code, String why) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    GRPCInferenceServiceBlockingStub stub =
        anonymous.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    ModelReadyRequest request = ModelReadyRequest.newBuilder().setName("nobody").build();
    assertThatThrownBy(() -> stub.modelReady(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              assertThat(failure.getStatus().getCode()).isEqualTo(code);
              assertThat(failure.getStatus().getDescription()).contains(why);
            });
  }
}
