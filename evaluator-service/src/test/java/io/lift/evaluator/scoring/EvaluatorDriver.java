package io.lift.evaluator.scoring;

import io.lift.core.answer.Answer;
import io.lift.core.task.Column;
import io.lift.core.task.Extrapolation;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.kafka.Traces;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.ChartsMessage;
import io.lift.messages.EventMessage;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.LabelMessage;
import io.lift.messages.MetricsMessage;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PromptMessage;
import io.lift.messages.RequestMessage;
import io.lift.messages.RollbackRequest;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;

/** The topology without a broker: one partition of everything, a clock that the test moves. */
final class EvaluatorDriver implements AutoCloseable {
  private static final Topics TOPICS = Topics.of("");
  static final Duration DAY = Duration.ofDays(1);

  final TopologyTestDriver driver;
  final TestOutputTopic<byte[], byte[]> deadLetters;
  private final TestOutputTopic<String, PromptMessage> examples;
  private final TestOutputTopic<String, MetricsMessage> metrics;
  private final TestOutputTopic<String, ChartsMessage> charts;
  private final TestOutputTopic<String, CalibrationMessage> calibrations;
  private final TestOutputTopic<String, EventMessage> events;
  private final TestOutputTopic<String, RollbackRequest> rollbacks;
  private final Map<String, TestInputTopic<String, byte[]>> inputs = new HashMap<>();
  private final Map<String, MetricsMessage> newest = new HashMap<>();
  private Instant now = Instant.parse("2024-01-01T00:00:00Z");

  /** Where the next prompt of the single partition goes. */
  long promptOffset;

  EvaluatorDriver(Path stateDir, int window, int versions) {
    this(stateDir, window, versions, true);
  }

  EvaluatorDriver(Path stateDir, int window, int versions, boolean autoRollback) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    EvaluatorSettings settings =
        new EvaluatorSettings(DAY, window, versions, Duration.ofMillis(500), autoRollback, 1);
    driver =
        new TopologyTestDriver(
            EvaluatorTopology.build(settings, TOPICS, Traces.NONE, Stores::inMemoryKeyValueStore),
            properties,
            now);
    for (Topic<?> topic :
        List.of(
            TOPICS.tasks(),
            TOPICS.prompts(),
            TOPICS.labels(),
            TOPICS.requests(),
            TOPICS.predictions(),
            TOPICS.deadLetters())) {
      inputs.put(
          topic.name(),
          driver.createInputTopic(topic.name(), new StringSerializer(), new ByteArraySerializer()));
    }
    metrics =
        driver.createOutputTopic(
            TOPICS.metrics().name(),
            new StringDeserializer(),
            Json.deserializer(MetricsMessage.class));
    charts =
        driver.createOutputTopic(
            TOPICS.charts().name(),
            new StringDeserializer(),
            Json.deserializer(ChartsMessage.class));
    calibrations =
        driver.createOutputTopic(
            TOPICS.calibration().name(),
            new StringDeserializer(),
            Json.deserializer(CalibrationMessage.class));
    events =
        driver.createOutputTopic(
            TOPICS.events().name(),
            new StringDeserializer(),
            Json.deserializer(EventMessage.class));
    rollbacks =
        driver.createOutputTopic(
            TOPICS.rollbacks().name(),
            new StringDeserializer(),
            Json.deserializer(RollbackRequest.class));
    examples =
        driver.createOutputTopic(
            TOPICS.prompts().name(),
            new StringDeserializer(),
            Json.deserializer(PromptMessage.class));
    deadLetters =
        driver.createOutputTopic(
            TOPICS.deadLetters().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The answer yes of a task with the labels no and yes. */
  static Answer yes() {
    Map<String, Double> probabilities = new LinkedHashMap<>();
    probabilities.put("no", 0.2);
    probabilities.put("yes", 0.8);
    return Answer.ofLabels("yes", probabilities);
  }

  static TaskSpec labels(String name, String... labels) {
    return task(name, TaskType.CLASSIFICATION, Column.category("y", List.of(labels)));
  }

  static TaskSpec numbers(String name) {
    return task(name, TaskType.REGRESSION, Column.number("y", null));
  }

  private static TaskSpec task(String name, TaskType type, Column target) {
    return new TaskSpec(
        name, 1, type, List.of(Column.text("x")), target, null, null, null, null, null);
  }

  void create(TaskSpec task) {
    send(TOPICS.tasks(), task.name(), Json.write(task));
  }

  void delete(String task) {
    send(TOPICS.tasks(), task, null);
  }

  /** A truth that is trained on; returns its offset. */
  long prompt(String task, String row, String label) {
    return prompt(task, row, label, "x");
  }

  long prompt(String task, String row, String label, String text) {
    PromptMessage prompt =
        new PromptMessage(task, 1, row, text + " ###", new int[0], label + "@@@", label, null);
    send(TOPICS.prompts(), task, Json.write(prompt));
    return promptOffset++;
  }

  /** A truth that is never trained on. */
  void label(String task, String row, String label) {
    send(TOPICS.labels(), row, Json.write(new LabelMessage(task, row, label, null)));
  }

  /** A row without its label, which waits for it. */
  void question(String task, String row, String text, String language, Duration wait) {
    question(task, row, text, language, wait, null);
  }

  /** The same with a linear part of its answer. */
  void question(
      String task,
      String row,
      String text,
      String language,
      Duration wait,
      Extrapolation.Point point) {
    RequestMessage request =
        new RequestMessage(
            task,
            1,
            row,
            text + " ###",
            new int[0],
            null,
            null,
            null,
            wait.toMillis(),
            point,
            null,
            null);
    send(TOPICS.requests(), row, Json.write(request), language);
  }

  /** A label without its row, which waits for it. */
  void label(String task, String row, String label, String language, Duration wait) {
    LabelMessage message = new LabelMessage(task, row, label, null, label + "@@@", wait.toMillis());
    send(TOPICS.labels(), row, Json.write(message), language);
  }

  /** The training examples that were made since the last look. */
  List<TestRecord<String, PromptMessage>> examples() {
    List<TestRecord<String, PromptMessage>> made = examples.readRecordsToList();
    promptOffset += made.size();
    return made;
  }

  void predict(String task, String row, Answer answer, long version, long trainedTo) {
    Map<Integer, Long> to = version == 0 ? Map.of() : Map.of(0, trainedTo);
    predict(
        task,
        row,
        PredictionMessage.Status.ANSWERED,
        answer,
        new PredictionMessage.Checkpoint(version, null, to),
        new PredictionMessage.Timings(3, 1, 1));
  }

  /** An answer of several predictors, from labelled rows in context. */
  void predict(
      String task,
      String row,
      Answer answer,
      PredictionMessage.Support support,
      List<PredictionMessage.Predictor> predictors) {
    PredictionMessage message =
        new PredictionMessage(
            task,
            row,
            PredictionMessage.Status.ANSWERED,
            answer,
            new PredictionMessage.Checkpoint(0, null, Map.of()),
            "hash",
            null,
            new PredictionMessage.Timings(3, 1, 1),
            null,
            null,
            null,
            support,
            predictors);
    send(TOPICS.predictions(), row, Json.write(message));
  }

  void predict(
      String task,
      String row,
      PredictionMessage.Status status,
      Answer answer,
      PredictionMessage.Checkpoint checkpoint,
      PredictionMessage.Timings timings) {
    PredictionMessage message =
        new PredictionMessage(task, row, status, answer, checkpoint, "hash", null, timings, null);
    send(TOPICS.predictions(), row, Json.write(message));
  }

  void send(Topic<?> topic, String key, byte[] value) {
    inputs.get(topic.name()).pipeInput(key, value, now);
  }

  private void send(Topic<?> topic, String key, byte[] value, String language) {
    RecordHeaders headers = new RecordHeaders();
    HeaderValues.add(headers, Headers.LANGUAGE, language);
    inputs.get(topic.name()).pipeInput(new TestRecord<>(key, value, headers, now));
  }

  void setClock(Instant time) {
    now = time;
  }

  void advance(Duration time) {
    now = now.plus(time);
    driver.advanceWallClockTime(time);
  }

  /** Waits for the quiet moment and returns the newest message of a task, or null. */
  MetricsMessage metrics(String task) {
    advance(Duration.ofSeconds(1));
    for (TestRecord<String, MetricsMessage> record : metrics.readRecordsToList()) {
      newest.put(record.key(), record.value());
    }
    return newest.get(task);
  }

  /** Waits for the quiet moment and returns the newest charts; null if there is nothing new. */
  ChartsMessage charts() {
    advance(Duration.ofSeconds(2));
    List<ChartsMessage> drawn = charts.readValuesToList();
    return drawn.isEmpty() ? null : drawn.get(drawn.size() - 1);
  }

  /** What was published on {@code lift.calibration} since the last look; null for a deletion. */
  List<CalibrationMessage> calibrations() {
    return calibrations.readValuesToList();
  }

  /** What was published on {@code lift.events} since the last look. */
  List<EventMessage> events() {
    return events.readValuesToList();
  }

  /** What was published on {@code lift.rollbacks} since the last look. */
  List<RollbackRequest> rollbacks() {
    return rollbacks.readValuesToList();
  }

  /** Whether the newest charts of a task are its deletion. */
  boolean chartsDeleted(String task) {
    Map<String, ChartsMessage> newest = charts.readKeyValuesToMap();
    return newest.containsKey(task) && newest.get(task) == null;
  }

  /** A record that somebody could not use; what it was is of no interest here. */
  void deadLetter(String task) {
    RecordHeaders headers = new RecordHeaders();
    HeaderValues.add(headers, Headers.ERROR_TASK, task);
    inputs
        .get(TOPICS.deadLetters().name())
        .pipeInput(new TestRecord<>("bad", new byte[] {1}, headers, now));
  }

  /** How many messages were published since the last look. */
  int published() {
    return metrics.readRecordsToList().size();
  }

  static Answer answer(String label, Object... probabilities) {
    Map<String, Double> all = new LinkedHashMap<>();
    for (int i = 0; i < probabilities.length; i += 2) {
      all.put((String) probabilities[i], (Double) probabilities[i + 1]);
    }
    return Answer.ofLabels(label, all);
  }

  @Override
  public void close() {
    driver.close();
  }
}
