package io.lift.trainer.openlineage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A catalogue that takes events over HTTP and keeps them. */
public final class Catalogue implements AutoCloseable {
  /**
   * A call.
   *
   * @param authorization the header; null for none
   */
  public record Call(String path, String authorization, JsonNode event) {}

  private final HttpServer server;
  private final List<Call> taken = new CopyOnWriteArrayList<>();
  private final Queue<Integer> failures = new ConcurrentLinkedQueue<>();

  public Catalogue() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange call) throws IOException {
    try (call) {
      String body = new String(call.getRequestBody().readAllBytes(), UTF_8);
      Integer failure = failures.poll();
      if (failure == null) {
        taken.add(
            new Call(
                call.getRequestURI().getPath(),
                call.getRequestHeaders().getFirst("Authorization"),
                new ObjectMapper().readTree(body)));
      }
      call.sendResponseHeaders(failure == null ? 201 : failure, -1);
    }
  }

  /** Answers the next calls with these statuses, and does not take their events. */
  void fail(Integer... statuses) {
    failures.addAll(List.of(statuses));
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The calls that were taken, in order. */
  public List<Call> taken() {
    return taken;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
