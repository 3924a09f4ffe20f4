package io.lift.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.task.TaskSpec;
import io.lift.inference.models.ModelRegistry;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topics;
import io.lift.model.BaseModel;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The whole service on a real broker with real models, and a client that has seen it ready. */
abstract class InferenceFixture {
  static final Topics TOPICS = Topics.of("");
  static BaseModel base;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @Inject ModelRegistry registry;

  InferenceClient client;

  @BeforeAll
  static void openBase() {
    base = BaseModel.embedded();
  }

  @AfterAll
  static void closeBase() {
    base.close();
  }

  @BeforeEach
  void awaitReady() {
    client = InferenceClient.ready(bootstrap);
  }

  @AfterEach
  void closeClient() {
    client.close();
  }

  CheckpointManifest publish(TaskSpec task, long version, byte[] file) throws Exception {
    client.task(task);
    CheckpointManifest manifest = client.manifest(task, version, file, base.hash());
    client.checkpoint(manifest);
    return manifest;
  }

  void awaitVersion(TaskSpec task, long version) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              var loaded = registry.loaded().get(task.name());
              return loaded != null && loaded.version() == version;
            });
  }

  PredictionMessage only(TaskSpec task) {
    List<PredictionMessage> predictions = client.predictions(task.name(), 1);
    assertThat(predictions).hasSize(1);
    return predictions.get(0);
  }
}
