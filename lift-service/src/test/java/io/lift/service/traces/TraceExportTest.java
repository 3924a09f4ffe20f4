package io.lift.service.traces;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TraceExportTest {
  private final Vertx vertx = Vertx.vertx();
  private final Queue<Received> received = new ConcurrentLinkedQueue<>();
  private HttpServer collector;

  private record Received(String path, String type, String body) {}

  @BeforeEach
  void startCollector() throws Exception {
    collector =
        vertx
            .createHttpServer()
            .requestHandler(this::take)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stopCollector() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private void take(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    request.bodyHandler(
        body -> {
          received.add(new Received(request.path(), type, body.toString(UTF_8)));
          request.response().putHeader("content-type", type);
          if (type.startsWith("application/grpc")) {
            // an empty message, then the status
            request.response().putTrailer("grpc-status", "0").end(Buffer.buffer(new byte[5]));
          } else {
            request.response().end();
          }
        });
  }

  @Test
  void spansAreSentByGrpc() {
    send("grpc");

    assertThat(received).singleElement().satisfies(this::holdsTheSpan);
    assertThat(received.peek().path())
        .isEqualTo("/opentelemetry.proto.collector.trace.v1.TraceService/Export");
  }

  @Test
  void spansAreSentByHttp() {
    send("http/protobuf");

    assertThat(received).singleElement().satisfies(this::holdsTheSpan);
    assertThat(received.peek().path()).isEqualTo("/v1/traces");
    assertThat(received.peek().type()).isEqualTo("application/x-protobuf");
  }

  private void send(String protocol) {
    String endpoint = "http://127.0.0.1:" + collector.actualPort();
    try (TraceExport export = new TraceExport(endpoint, protocol, 1, "lift-test")) {
      export.tracer().spanBuilder("serialize").startSpan().end();
    }
  }

  private void holdsTheSpan(Received message) {
    assertThat(message.body()).contains("serialize", "service.name", "lift-test");
  }

  @Test
  void aRatioOfZeroSendsNothing() {
    String endpoint = "http://127.0.0.1:" + collector.actualPort();
    try (TraceExport export = new TraceExport(endpoint, "grpc", 0, "lift-test")) {
      export.tracer().spanBuilder("serialize").startSpan().end();
    }

    assertThat(received).isEmpty();
  }

  @Test
  void whatCannotBeIsNamed() {
    assertThatThrownBy(() -> new TraceExport("collector:4317", "grpc", 1, "x"))
        .hasMessageContaining("lift.traces.endpoint")
        .hasMessageContaining("'collector:4317'");
    assertThatThrownBy(() -> new TraceExport("http://c:1", "carrier pigeon", 1, "x"))
        .hasMessageContaining("lift.traces.protocol");
    assertThatThrownBy(() -> new TraceExport("http://c:1", "grpc", 2, "x"))
        .hasMessageContaining("lift.traces.ratio");
  }
}
