package io.lift.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/**
 * A schema registry in memory: the part of Confluent's REST API that serializers and readers use,
 * and what Apicurio's serializers call to register a schema.
 */
public final class RegistryServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String APICURIO_CONTENT = "/apis/registry/v3/ids/contentIds/";
  private static final String APICURIO = "/apis/registry/v3/groups/";
  private static final String INCOMPATIBLE =
      "Schema being registered is incompatible with an earlier schema for the subject";
  private static final String COMPATIBLE = "/apis/ccompat/v7";

  private final HttpServer server;
  private final Map<Integer, ObjectNode> schemas = new TreeMap<>();
  private final Map<String, List<Integer>> subjects = new TreeMap<>();
  private final List<String> calls = new ArrayList<>();
  private final Set<String> incompatible = new HashSet<>();
  private String authorization;
  private int failing;
  private int firstNumber = 1;

  /** A registry on a free port of the loopback interface. */
  public RegistryServer() {
    this(0, null);
  }

  /**
   * A registry on a port of the loopback interface.
   *
   * @param port 0 for a free one
   * @param tls certificates for https; null for plain http
   */
  public RegistryServer(int port, SSLContext tls) {
    try {
      InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      if (tls == null) {
        server = HttpServer.create(free, 0);
      } else {
        HttpsServer https = HttpsServer.create(free, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        server = https;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** The address, for clients of Confluent's interface. */
  public String url() {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return scheme + "://localhost:" + server.getAddress().getPort();
  }

  /** The address for the clients of Apicurio. */
  public String apicurioUrl() {
    return url() + "/apis/registry/v3";
  }

  /** Schemas get numbers from this one on. */
  public synchronized void numberFrom(int first) {
    firstNumber = first;
  }

  /** From now on every call is answered with this status; 0 to answer properly. */
  public synchronized void failWith(int status) {
    failing = status;
  }

  /** From now on no further schema of a subject is taken, since it would not be compatible. */
  public synchronized void refuse(String subject) {
    incompatible.add(subject);
  }

  /** From now on schemas of the subject are taken again. */
  public synchronized void accept(String subject) {
    incompatible.remove(subject);
  }

  /** The schema of a number, as text. */
  public synchronized String schema(int id) {
    return schemas.get(id).get("schema").asText();
  }

  /** From now on every call must bring this header. */
  public synchronized void requireAuthorization(String header) {
    authorization = header;
  }

  /** The calls so far, as method and path. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /**
   * Registers a schema.
   *
   * @param type AVRO, JSON or PROTOBUF
   * @param references as in Confluent's interface; may be null
   * @return its number
   */
  public synchronized int register(
      String subject, String type, String schema, JsonNode references) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("schema", schema);
    if (!type.equals("AVRO")) {
      entry.put("schemaType", type);
    }
    if (references != null && !references.isEmpty()) {
      entry.set("references", references);
    }
    int id =
        schemas.entrySet().stream()
            .filter(known -> known.getValue().equals(entry))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(schemas.size() + firstNumber);
    schemas.put(id, entry);
    List<Integer> versions = subjects.computeIfAbsent(subject, any -> new ArrayList<>());
    if (!versions.contains(id)) {
      versions.add(id);
    }
    return id;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      byte[] body = exchange.getRequestBody().readAllBytes();
      synchronized (this) {
        calls.add(exchange.getRequestMethod() + " " + path);
        if (failing != 0) {
          send(exchange, failing, JSON.createObjectNode());
        } else if (authorization != null
            && !authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
          send(exchange, 401, error(401));
        } else if (path.startsWith(APICURIO_CONTENT)) {
          content(exchange, path.substring(APICURIO_CONTENT.length()).split("/"));
        } else if (path.startsWith(APICURIO)) {
          send(exchange, 200, apicurio(path, JSON.readTree(body)));
        } else {
          confluent(exchange, path.replace(COMPATIBLE, ""), body);
        }
      }
    }
  }

  private void confluent(HttpExchange exchange, String path, byte[] body) throws IOException {
    String[] parts = path.substring(1).split("/");
    ObjectNode answer = null;
    if (path.startsWith("/schemas/ids/")) {
      answer = schemas.get(Integer.valueOf(parts[2]));
    } else if (path.startsWith("/subjects/") && exchange.getRequestMethod().equals("POST")) {
      String subject = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
      boolean registers = parts.length == 3;
      if (registers && incompatible.contains(subject)) {
        ObjectNode refusal = JSON.createObjectNode().put("error_code", 409);
        send(exchange, 409, refusal.put("message", INCOMPATIBLE));
        return;
      }
      answer = posted(subject, JSON.readTree(body), registers);
    } else if (path.startsWith("/subjects/") && parts.length == 4) {
      List<Integer> versions = subjects.get(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      if (versions != null) {
        int version = parts[3].equals("latest") ? versions.size() : Integer.parseInt(parts[3]);
        int id = versions.get(version - 1);
        answer = schemas.get(id).deepCopy();
        answer.put("id", id).put("version", version);
      }
    }
    send(exchange, answer == null ? 404 : 200, answer == null ? error(40403) : answer);
  }

  /** A schema that is registered, or looked up; null if it is not there. */
  private ObjectNode posted(String subject, JsonNode schema, boolean registers) {
    String type = schema.path("schemaType").asText("AVRO");
    String text = schema.get("schema").asText();
    List<Integer> versions = subjects.getOrDefault(subject, List.of());
    if (!registers
        && versions.stream().noneMatch(id -> schemas.get(id).get("schema").asText().equals(text))) {
      return null;
    }
    int id = register(subject, type, text, schema.get("references"));
    ObjectNode answer = schemas.get(id).deepCopy();
    answer.put("id", id).put("subject", subject);
    return answer.put("version", subjects.get(subject).indexOf(id) + 1);
  }

  private static ObjectNode error(int code) {
    return JSON.createObjectNode().put("error_code", code).put("message", "refused");
  }

  /** What Apicurio answers to the number of a schema: its text, or that it refers to no other. */
  private void content(HttpExchange exchange, String[] parts) throws IOException {
    ObjectNode schema = schemas.get(Integer.valueOf(parts[0]));
    if (schema == null) {
      send(exchange, 404, error(40403));
      return;
    }
    boolean references = parts.length > 1;
    byte[] text =
        (references ? "[]" : schema.get("schema").asText()).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, text.length);
    exchange.getResponseBody().write(text);
  }

  /** What Apicurio answers to a new artifact. */
  private ObjectNode apicurio(String path, JsonNode artifact) {
    String subject = artifact.path("artifactId").asText();
    JsonNode content = artifact.at("/firstVersion/content");
    ArrayNode references = JSON.createArrayNode();
    for (JsonNode reference : content.path("references")) {
      references
          .addObject()
          .put("name", reference.path("name").asText())
          .put("subject", reference.path("artifactId").asText())
          .put("version", reference.path("version").asInt(1));
    }
    int id =
        register(
            subject,
            artifact.path("artifactType").asText(),
            content.get("content").asText(),
            references);
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode version = answer.putObject("version");
    version.put("version", "1").put("globalId", id).put("contentId", id);
    version.put("artifactId", subject).put("groupId", path.split("/")[5]);
    version.put("artifactType", artifact.path("artifactType").asText());
    answer.putObject("artifact").put("artifactId", subject);
    return answer;
  }

  private static void send(HttpExchange exchange, int status, ObjectNode answer)
      throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(answer);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
