package io.lift.evaluator.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a page hears on {@code /api/stream}. */
final class Events implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param name of the event
   * @param data its JSON
   */
  record Event(String name, JsonNode data) {}

  private final List<Event> heard = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private final HttpResponse<java.util.stream.Stream<String>> response;

  Events(URI stream) throws Exception {
    response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(stream).build(), HttpResponse.BodyHandlers.ofLines());
    thread = new Thread(this::listen);
    thread.setDaemon(true);
    thread.start();
  }

  private void listen() {
    try {
      String[] name = new String[1];
      response
          .body()
          .forEach(
              line -> {
                if (line.startsWith("event:")) {
                  name[0] = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:")) {
                  heard.add(new Event(name[0], read(line.substring("data:".length()))));
                }
              });
    } catch (RuntimeException e) {
      // the connection was closed
    }
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (Exception e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }

  String contentType() {
    return response.headers().firstValue("Content-Type").orElse("");
  }

  List<JsonNode> named(String name) {
    return heard.stream().filter(event -> event.name().equals(name)).map(Event::data).toList();
  }

  @Override
  public void close() {
    thread.interrupt();
    response.body().close();
  }
}
