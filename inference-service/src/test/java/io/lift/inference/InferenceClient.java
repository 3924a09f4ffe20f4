package io.lift.inference;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.CheckpointFiles;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Json;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import io.lift.messages.RequestMessage;
import io.lift.messages.Topics;
import io.lift.model.BaseModel;
import io.lift.model.FineTuning;
import io.lift.testing.Loans;
import io.lift.testing.TopicClient;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** The other end of the topics: publishes tasks, checkpoints and requests, reads predictions. */
public final class InferenceClient implements AutoCloseable {
  private static final Topics TOPICS = Topics.of("");

  private final TopicClient topics;
  private final KafkaProducer<byte[], byte[]> files;

  public InferenceClient(String bootstrap) {
    topics = new TopicClient(bootstrap);
    files =
        new KafkaProducer<>(
            topics.settings(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** One to a service that is ready to answer. */
  public static InferenceClient ready(String bootstrap) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> RestAssured.get("/q/health/ready").statusCode() == 200);
    return new InferenceClient(bootstrap);
  }

  public TopicClient topics() {
    return topics;
  }

  public void task(TaskSpec task) {
    topics.send(TOPICS.tasks(), task.name(), task);
  }

  /** A checkpoint file of a few steps of real fine-tuning. */
  public static byte[] fineTune(BaseModel base, TaskSpec task, long seed) {
    TaskLanguage language = new TaskLanguage(task);
    List<Example> examples = Loans.examples(language, 64, seed);
    try (FineTuning tuning = FineTuning.start(base, language, task.training())) {
      tuning.round(examples, List.of(), (step, steps, loss) -> true);
      return tuning.checkpoint();
    }
  }

  public CheckpointManifest manifest(TaskSpec task, long version, byte[] file, String baseHash)
      throws Exception {
    CheckpointManifest.Location location =
        CheckpointFiles.write(files, TOPICS, task.name(), version, file);
    return new CheckpointManifest(
        task.name(),
        version,
        version - 1,
        task.version(),
        new TaskLanguage(task).hash(),
        baseHash,
        CheckpointFiles.sha256(file),
        file.length,
        location,
        System.currentTimeMillis(),
        "test",
        10 * version,
        7,
        Map.of(3, new CheckpointManifest.OffsetRange(0, 64 * version)),
        Map.of(3, 0L),
        64,
        64 * version,
        Map.of(),
        null,
        null);
  }

  public void checkpoint(CheckpointManifest manifest) {
    topics.send(TOPICS.checkpoints(), manifest.task(), manifest);
  }

  public void calibration(CalibrationMessage message) {
    topics.send(TOPICS.calibration(), message.task(), message);
  }

  public RequestMessage request(TaskSpec task, String row) {
    Prompt prompt = Loans.prompt(new TaskLanguage(task), 30, row.hashCode() % 100);
    return new RequestMessage(
        task.name(),
        task.version(),
        row,
        prompt.text(),
        prompt.grid(),
        new Origin("lift.rows", 0, 0, System.currentTimeMillis()));
  }

  public void ask(TaskSpec task, String row, Header... headers) {
    topics.send(TOPICS.requests(), row, request(task, row), headers);
  }

  /** Sends a request without waiting. */
  public Future<?> askLater(TaskSpec task, String row) {
    byte[] request = Json.write(request(task, row));
    return topics.sendLater(TopicClient.record(TOPICS.requests(), row, request));
  }

  /** Predictions of a task in the order of their partitions, at least {@code count}. */
  public List<PredictionMessage> predictions(String task, int count) {
    return topics.read(TOPICS.predictions(), count, r -> prediction(r).task().equals(task)).stream()
        .map(InferenceClient::prediction)
        .toList();
  }

  public static PredictionMessage prediction(ConsumerRecord<byte[], byte[]> record) {
    return Json.read(record.value(), PredictionMessage.class);
  }

  @Override
  public void close() {
    files.close();
    topics.close();
  }
}
