package io.lift.it;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.core.row.RejectReason;
import io.lift.kafka.Traces;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The document of the wire against the code that writes it. */
class AsyncApiTest {
  private static final Topics TOPICS = Topics.of("");
  private static final Map<String, String> STRINGS =
      Map.of("prompt", "a ###", "completion", " b@@@", "sha256", "0".repeat(64));

  private final AsyncApi api = AsyncApi.read();

  AsyncApiTest() throws IOException {}

  @Test
  void everyTopicIsAChannelWithItsPartitionsAndItsRetention() {
    Map<String, AsyncApi.Channel> channels = api.channels();
    assertThat(channels.keySet())
        .isEqualTo(new TreeSet<>(TOPICS.all().stream().map(Topic::name).toList()));
    for (Topic<?> topic : TOPICS.all()) {
      JsonNode kafka = channels.get(topic.name()).kafka();
      JsonNode configs = kafka.get("topicConfiguration");
      assertThat(kafka.get("partitions").asInt()).as(topic.name()).isEqualTo(topic.partitions());
      assertThat(configs.at("/cleanup.policy/0").asText())
          .as(topic.name())
          .isEqualTo(topic.configs().get("cleanup.policy"));
      for (String name : List.of("retention.ms", "max.message.bytes")) {
        String value = configs.has(name) ? configs.get(name).asText() : null;
        assertThat(value).as(topic.name() + " " + name).isEqualTo(topic.configs().get(name));
      }
    }
  }

  @Test
  void everyFieldOfAMessageIsDescribedAndNoOther() {
    Set<String> schemas = new HashSet<>();
    for (Topic<?> topic : TOPICS.all()) {
      if (topic.valueType() != byte[].class) {
        String schema = AsyncApi.named(api.channels().get(topic.name()).message().get("payload"));
        assertThat(schema).isEqualTo(topic.valueType().getSimpleName());
        compare(topic.valueType(), schema, schemas);
      }
    }
    assertThat(schemas).hasSizeGreaterThan(25);
  }

  private void compare(Class<?> type, String name, Set<String> seen) {
    if (!seen.add(name)) {
      return;
    }
    JsonNode schema = api.schema(name);
    Set<String> fields =
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).collect(toSet());
    assertThat(names(schema.get("properties"))).as(name).isEqualTo(fields);
    assertThat(fields).as("required of " + name).containsAll(texts(schema.path("required")));
    for (RecordComponent component : type.getRecordComponents()) {
      JsonNode property = schema.at("/properties/" + component.getName());
      String what = name + "." + component.getName();
      if (!records(component.getGenericType()).iterator().hasNext()) {
        assertThat(property.has("description") || api.resolve(property).has("description"))
            .as("description of " + what)
            .isTrue();
      }
      for (Class<?> nested : records(component.getGenericType())) {
        String inner = schemaOf(property);
        assertThat(inner).as(what).isNotNull();
        compare(nested, inner, seen);
      }
    }
  }

  /** The schema of a property, of its items or of its values. */
  private static String schemaOf(JsonNode property) {
    return Stream.of(property, property.path("items"), property.path("additionalProperties"))
        .map(AsyncApi::named)
        .filter(name -> name != null)
        .findFirst()
        .orElse(null);
  }

  /** The records of a component's type: itself, or what a list or map of it holds. */
  private static List<Class<?>> records(Type type) {
    if (type instanceof ParameterizedType generic) {
      return Arrays.stream(generic.getActualTypeArguments())
          .flatMap(argument -> records(argument).stream())
          .toList();
    }
    return type instanceof Class<?> plain && plain.isRecord() ? List.of(plain) : List.of();
  }

  @Test
  void whatTheCodeWritesOfFullAndOfBareMessagesIsAsDescribed() throws Exception {
    ObjectMapper json = new ObjectMapper();
    for (Topic<?> topic : TOPICS.all()) {
      if (topic.valueType() != byte[].class) {
        for (boolean bare : new boolean[] {false, true}) {
          Object message = make(topic.valueType(), topic.valueType().getSimpleName(), bare);
          JsonNode written = json.readTree(Json.write(message));
          JsonNode payload = api.channels().get(topic.name()).message().get("payload");
          assertThat(api.errors(payload, written)).as("%s: %s", topic.name(), written).isEmpty();
        }
      }
    }
  }

  /** A message with one of everything; bare, with nothing but what its schema requires. */
  private Object make(Class<?> type, String name, boolean bare) throws Exception {
    JsonNode schema = api.schema(name);
    Set<String> left = bare ? optional(schema) : conflicting(schema);
    List<Class<?>> types = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      types.add(component.getType());
      JsonNode property = schema.at("/properties/" + component.getName());
      values.add(
          left.contains(component.getName())
              ? null
              : value(component.getName(), component.getGenericType(), property, bare));
    }
    var constructor = type.getDeclaredConstructor(types.toArray(Class<?>[]::new));
    return constructor.newInstance(values.toArray());
  }

  private static Set<String> optional(JsonNode schema) {
    Set<String> optional = new HashSet<>(names(schema.get("properties")));
    optional.removeAll(texts(schema.path("required")));
    optional.removeAll(texts(schema.at("/oneOf/0/required")));
    return optional;
  }

  /** What only another alternative of the schema has. */
  private static Set<String> conflicting(JsonNode schema) {
    return Set.copyOf(texts(schema.at("/oneOf/1/required")));
  }

  private Object value(String name, Type type, JsonNode property, boolean bare) throws Exception {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return List.of(value(name, arguments[0], property.path("items"), bare));
      }
      Object key = arguments[0] == String.class ? "x" : value(name, arguments[0], property, bare);
      JsonNode values = api.resolve(property).path("additionalProperties");
      return Map.of(key, value(name, arguments[1], values, bare));
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return make(plain, AsyncApi.named(property), bare);
    }
    if (plain.isEnum()) {
      return bare ? plain.getEnumConstants()[1] : plain.getEnumConstants()[0];
    }
    if (plain == String.class) {
      JsonNode words = api.resolve(property).path("enum");
      return words.isEmpty() ? STRINGS.getOrDefault(name, "x") : words.get(0).asText();
    }
    return number(plain);
  }

  private static Object number(Class<?> type) {
    if (type == int[].class) {
      return new int[] {1, 2};
    }
    if (type == long[][].class) {
      return new long[][] {{1}};
    }
    if (type == boolean.class || type == Boolean.class) {
      return true;
    }
    if (type == int.class || type == Integer.class) {
      return 1;
    }
    return type == long.class || type == Long.class ? (Object) 1L : (Object) 0.5;
  }

  @Test
  void theWordsOfEveryEnumAreThoseOnTheWire() {
    Map<String, Set<String>> expected = new LinkedHashMap<>();
    expected.put("/PredictionMessage/properties/status", words("PredictionMessage$Status"));
    expected.put("/TrainingProgress/properties/state", words("TrainingProgress$State"));
    expected.put("/EventMessage/properties/kind", words("EventMessage$Kind"));
    expected.put("/Action/properties/what", words("Action$What"));
    expected.put("/Action/properties/via", words("Action$Via"));
    expected.put("/Action/properties/outcome", words("Action$Outcome"));
    expected.put("/TaskType", coreWords("TaskType"));
    expected.put("/KeyType", coreWords("KeyType"));
    expected.put("/SourceFormat", coreWords("SourceFormat"));
    expected.put("/ArrayRule", coreWords("ArrayRule"));
    expected.put("/DuplicatePolicy", coreWords("DuplicatePolicy"));
    expected.put("/Column/properties/type", coreWords("ColumnType"));
    expected.put("/TemplateSpec/properties/style", coreWords("TemplateSpec$Style"));
    expected.put("/NumberFormat/properties/style", coreWords("NumberFormat$Style"));
    expected.put("/ContextPolicy/properties/pick", coreWords("ContextPolicy$Pick"));
    expected.put("/TaskSpec/properties/beforeFirstCheckpoint", coreWords("BeforeFirstCheckpoint"));
    expected.put(
        "/DeadLetterHeaders/properties/lift.error.reason",
        Arrays.stream(RejectReason.values()).map(RejectReason::code).collect(toSet()));
    expected.forEach(
        (path, words) ->
            assertThat(texts(api.document().at("/components/schemas" + path + "/enum")))
                .as(path)
                .containsExactlyInAnyOrderElementsOf(words));
  }

  private static Set<String> words(String type) {
    return wireWords("io.lift.messages." + type);
  }

  private static Set<String> coreWords(String type) {
    return wireWords("io.lift.core.task." + type);
  }

  private static Set<String> wireWords(String type) {
    try {
      return Arrays.stream(Class.forName(type).getFields())
          .filter(field -> field.isEnumConstant())
          .map(field -> field.getAnnotation(JsonProperty.class).value())
          .collect(toSet());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyHeaderIsDescribedAndNoOther() throws IllegalAccessException {
    Set<String> described = new HashSet<>();
    api.document().at("/components/schemas").properties().stream()
        .filter(schema -> schema.getKey().endsWith("Headers"))
        .forEach(schema -> described.addAll(names(schema.getValue().get("properties"))));
    Set<String> written = new HashSet<>(Set.of(Traces.HEADER));
    for (var field : Headers.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && !field.getName().equals("TRY")) {
        written.add((String) field.get(null));
      }
    }
    assertThat(described).isEqualTo(written);
  }

  @Test
  void everyMessageHasARealExampleThatIsAsDescribed() {
    Map<String, JsonNode> messages =
        api.document().at("/components/messages").properties().stream()
            .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    messages.forEach(
        (name, message) -> {
          if (!name.equals("chunk")) {
            assertThat(message.path("examples")).as("examples of " + name).isNotEmpty();
          }
          for (JsonNode example : message.path("examples")) {
            if (example.get("payload").isTextual()) {
              continue; // bytes as text
            }
            assertThat(api.errors(message.get("payload"), example.get("payload")))
                .as(name)
                .isEmpty();
            if (example.has("headers")) {
              assertThat(api.errors(message.get("headers"), example.get("headers")))
                  .as(name)
                  .isEmpty();
            }
          }
        });
  }

  @Test
  void everyChannelIsUsedAndEveryReferenceLeadsSomewhere() {
    Set<JsonNode> used = new HashSet<>();
    api.document()
        .get("operations")
        .forEach(operation -> used.add(api.resolve(operation.get("channel"))));
    assertThat(used).hasSameSizeAs(api.document().get("channels"));
    for (JsonNode schema : api.document().get("components").findParents("description")) {
      // an unquoted comma in a description would begin such an entry
      assertThat(schema).noneMatch(JsonNode::isNull);
    }
    api.document()
        .findValuesAsText("$ref")
        .forEach(
            reference ->
                assertThat(api.document().at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse());
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new HashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
