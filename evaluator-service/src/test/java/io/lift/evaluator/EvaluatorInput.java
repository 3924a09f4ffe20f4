package io.lift.evaluator;

import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.LabelMessage;
import io.lift.messages.Topics;
import io.lift.testing.SampleMessages;
import io.lift.testing.TopicClient;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Sends what the other services would send. */
public final class EvaluatorInput implements AutoCloseable {
  private static final Topics TOPICS = Topics.of("");

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
