package io.lift.evaluator;

import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.LabelMessage;
import io.lift.messages.RequestMessage;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.testing.SampleMessages;
import io.lift.testing.TopicClient;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Sends what the other services would send. */
public final class EvaluatorInput implements AutoCloseable {
  private static final Topics TOPICS = Topics.of("");

  private static final long WAIT = 60_000;

  private final TopicClient topics;

  public EvaluatorInput(String bootstrap) {
    topics = new TopicClient(bootstrap);
  }

  public TopicClient topics() {
    return topics;
  }

  public void create(TaskSpec task) {
    topics.send(TOPICS.tasks(), task.name(), task);
  }

  public RecordMetadata prompt(String task, String row, String label) {
    return topics.send(TOPICS.prompts(), task, SampleMessages.prompt(task, row, label));
  }

  public void label(String task, String row, String label) {
    topics.send(TOPICS.labels(), row, new LabelMessage(task, row, label, null));
  }

  /** A row that waits for its label for a minute. */
  void rowAlone(String task, String row) {
    RequestMessage request =
        new RequestMessage(
            task, 1, row, "x ###", new int[0], null, null, null, WAIT, null, null, null);
    send(TOPICS.requests(), row, request);
  }

  /** A label that waits for its row for a minute. */
  void labelAlone(String task, String row, String label) {
    LabelMessage message = new LabelMessage(task, row, label, null, label + "@@@", WAIT);
    send(TOPICS.labels(), row, message);
  }

  private void send(Topic<?> topic, String row, Object message) {
    topics.send(
        topic, row, message, new RecordHeader(Headers.LANGUAGE, HeaderValues.bytes("hash")));
  }

  public void predict(String task, String row, String label, long version) {
    predict(task, row, label, version, Map.of());
  }

  public void predict(
      String task, String row, String label, long version, Map<Integer, Long> trainedTo) {
    topics.send(
        TOPICS.predictions(), row, SampleMessages.prediction(task, row, label, version, trainedTo));
  }

  public void checkpoint(CheckpointManifest manifest) {
    topics.send(TOPICS.checkpointsLog(), manifest.task(), manifest);
    topics.send(TOPICS.checkpoints(), manifest.task(), manifest);
  }

  @Override
  public void close() {
    topics.close();
  }
}
