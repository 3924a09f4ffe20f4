package io.lift.service.traces;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * An OTLP collector that keeps what it receives: path, content type and body of each export. Its
 * arguments are settings of the service under test.
 */
public final class CollectorResource implements QuarkusTestResourceLifecycleManager {
  private final Vertx vertx = Vertx.vertx();
  private final Queue<List<String>> received = new ConcurrentLinkedQueue<>();
  private Map<String, String> settings;

  @Override
  public void init(Map<String, String> arguments) {
    settings = arguments;
  }

  @Override
  public Map<String, String> start() {
    try {
      HttpServer server =
          vertx
              .createHttpServer()
              .requestHandler(this::take)
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS);
      Map<String, String> all = new HashMap<>(settings);
      all.put("otel.exporter.otlp.endpoint", "http://127.0.0.1:" + server.actualPort());
      return all;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void take(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    request.bodyHandler(
        body -> {
          received.add(List.of(request.path(), type, body.toString(UTF_8)));
          request.response().putHeader("content-type", type);
          if (type.startsWith("application/grpc")) {
            // an empty message, then the status
            request.response().putTrailer("grpc-status", "0").end(Buffer.buffer(new byte[5]));
          } else {
            request.response().end();
          }
        });
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(
        received, new TestInjector.AnnotatedAndMatchesType(Exports.class, Queue.class));
  }

  /** Marks the field of a test that is given the exports, a {@code Queue<List<String>>}. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface Exports {}

  @Override
  public void stop() {
    vertx.close();
  }
}
