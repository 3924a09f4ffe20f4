package io.lift.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.testing.Loans;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which checkpoint answers while they change, and which is refused. */
@QuarkusTest
@WithBroker
class CheckpointChangesIT extends InferenceFixture {
  @Test
  void everyRequestOfAStreamGetsOnePredictionWhileCheckpointsAreSwapped() throws Exception {
    TaskSpec task = Loans.risks("swapped", 1, BeforeFirstCheckpoint.BASE);
    List<byte[]> files =
        LongStream.rangeClosed(1, 5)
            .mapToObj(seed -> InferenceClient.fineTune(base, task, seed))
            .toList();
    client.task(task);
    List<Future<?>> sent = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      String row = "r" + i;
      sent.add(client.askLater(task, row));
      if (i % 400 == 200) {
        publish(task, 1 + i / 400, files.get(i / 400));
        awaitVersion(task, 1 + i / 400);
      }
    }
    for (Future<?> future : sent) {
      future.get();
    }

    List<PredictionMessage> predictions = client.predictions(task.name(), 2_000);

    assertThat(predictions).hasSize(2_000).allMatch(p -> p.status() == Status.ANSWERED);
    assertThat(predictions.stream().map(PredictionMessage::row).collect(Collectors.toSet()))
        .hasSize(2_000);
    assertThat(predictions.stream().map(p -> p.checkpoint().version()).collect(Collectors.toSet()))
        .contains(5L)
        .hasSizeGreaterThan(2);
  }

  @Test
  void aRequestOfANewLanguageIsNotAnsweredByACheckpointOfTheOldOne() throws Exception {
    TaskSpec first = Loans.risks("reworded", 1, BeforeFirstCheckpoint.BASE);
    publish(first, 1, InferenceClient.fineTune(base, first, 1));
    awaitVersion(first, 1);
    TaskSpec second =
        Loans.risks(
            "reworded",
            2,
            BeforeFirstCheckpoint.BASE,
            TemplateSpec.free("Aged {age} with {income} a year, how risky?"));
    client.task(second);
    client.ask(second, "new");
    client.ask(first, "old");
    Map<String, Long> versions =
        client.predictions("reworded", 2).stream()
            .collect(Collectors.toMap(p -> p.row(), p -> p.checkpoint().version()));
    assertThat(versions).containsEntry("new", 0L).containsEntry("old", 1L);

    publish(second, 2, InferenceClient.fineTune(base, second, 1));
    awaitVersion(second, 2);
    client.ask(first, "too-old");

    PredictionMessage late =
        client.predictions("reworded", 3).stream()
            .filter(p -> p.row().equals("too-old"))
            .findFirst()
            .orElseThrow();
    assertThat(late.status()).isEqualTo(Status.FAILED);
    assertThat(late.message()).startsWith("outdated-task: ").contains("version 1", "version 2");
  }

  @Test
  void aDamagedOrForeignCheckpointIsRejectedAndTheOldOneGoesOn() throws Exception {
    // a service whose every checkpoint is of another base model is not ready
    TaskSpec sane = Loans.risks("sane", 1, BeforeFirstCheckpoint.BASE);
    publish(sane, 1, InferenceClient.fineTune(base, sane, 1));
    TaskSpec task = Loans.risks("rejected", 1, BeforeFirstCheckpoint.BASE);
    byte[] file = InferenceClient.fineTune(base, task, 1);
    publish(task, 1, file);
    awaitVersion(task, 1);

    byte[] damaged = file.clone();
    damaged[damaged.length / 2] ^= 1;
    CheckpointManifest sound = client.manifest(task, 2, damaged, base.hash());
    client.checkpoint(withHash(sound, "0".repeat(64)));
    awaitRejections(task, "unreadable", 1);
    client.checkpoint(client.manifest(task, 3, file, "f".repeat(64)));
    awaitRejections(task, "other-base", 1);
    RestAssured.get("/q/health/ready")
        .then()
        .statusCode(200)
        .body(containsString("lift.model.path"), containsString("\"rejected\""));
    client.checkpoint(client.manifest(task, 4, new byte[] {1, 2, 3}, base.hash()));
    awaitRejections(task, "unreadable", 2);
    client.ask(task, "r1");

    assertThat(only(task).checkpoint().version()).isEqualTo(1);
  }

  private void awaitRejections(TaskSpec task, String reason, int count) {
    String line =
        "lift_checkpoint_rejected_total{reason=\"%s\",task=\"%s\"} %d.0"
            .formatted(reason, task.name(), count);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> RestAssured.get("/q/metrics").asString().contains(line));
  }

  private static CheckpointManifest withHash(CheckpointManifest m, String sha256) {
    return new CheckpointManifest(
        m.task(),
        m.version(),
        m.parent(),
        m.taskVersion(),
        m.templateHash(),
        m.baseModel(),
        sha256,
        m.size(),
        m.location(),
        m.createdAt(),
        m.trainer(),
        m.step(),
        m.seed(),
        m.ranges(),
        m.windowFrom(),
        m.newRows(),
        m.rows(),
        m.metrics(),
        null,
        null);
  }
}
