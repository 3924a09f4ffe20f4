package io.lift.inference.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.prompt.Prompt;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.inference.models.FakeModelLoader;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.models.ModelLookup;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.models.RegistryListener;
import io.lift.inference.requests.MicroBatcher.Job;
import io.lift.inference.requests.MicroBatcher.Scored;
import io.lift.testing.Loans;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MicroBatcherTest {
  private final FakeModelLoader models = new FakeModelLoader();
  private final ModelRegistry registry =
      new ModelRegistry(models, 800, Runnable::run, new RegistryListener() {});
  private final MicroBatcher batcher = new MicroBatcher(16, 20, (models, nanos) -> {});

  @AfterEach
  void close() {
    batcher.close();
  }

  @Test
  void promptsOfSeveralTasksAreAnsweredInOrderWithOneForwardPassPerModel() {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      jobs.add(job(i % 2 == 0 ? "a" : "b", "prompt"));
    }

    List<CompletableFuture<Scored>> results = batcher.submit(jobs);

    for (int i = 0; i < 10; i++) {
      assertThat(results.get(i).join().answer().label()).isEqualTo(i % 2 == 0 ? "a/0" : "b/0");
    }
    assertThat(models.batches.stream().mapToInt(size -> size).sum()).isEqualTo(10);
  }

  @Test
  void promptsOfModelsOfOneBatchGroupAreOneForwardPass() throws InterruptedException {
    models.oneGroup = true;
    List<Job> jobs = List.of(job("a", "prompt"), job("b", "prompt"), job("a", "prompt"));
    List<Integer> tasks = new CopyOnWriteArrayList<>();
    try (MicroBatcher shared = new MicroBatcher(16, 20, (own, nanos) -> tasks.add(own.size()))) {
      List<CompletableFuture<Scored>> results = shared.submit(jobs);

      assertThat(results.stream().map(r -> r.join().answer().label()))
          .containsExactly("a/0", "b/0", "a/0");
      assertThat(models.batches).allMatch(size -> size <= 3);
    }
    assertThat(models.batches.size()).isEqualTo(tasks.size());
  }

  @Test
  void aBatchHoldsNoMoreThanItsBound() {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      jobs.add(job("a", "prompt"));
    }

    batcher.submit(jobs).forEach(CompletableFuture::join);

    assertThat(models.batches).allMatch(size -> size <= 16);
  }

  @Test
  void aPromptThatCannotBeScoredFailsAlone() {
    List<CompletableFuture<Scored>> results =
        batcher.submit(List.of(job("a", "good"), job("a", "poison"), job("a", "good")));

    assertThat(results.get(0).join().answer()).isNotNull();
    assertThat(results.get(1).join().answer()).isNull();
    assertThat(results.get(1).join().failure()).contains("poison");
    assertThat(results.get(2).join().answer()).isNotNull();
  }

  @Test
  void aModelIsGivenBackAfterItsBatchAndAfterARejection() {
    batcher.submit(List.of(job("a", "good"), job("a", "poison"))).forEach(CompletableFuture::join);
    List<Job> tooMany = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      tooMany.add(job("a", "prompt"));
    }
    assertThatThrownBy(() -> batcher.offer(tooMany))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("waiting");
    batcher.close();

    registry.onTask("a", null);

    assertThat(models.closed).containsExactly("a/0");
  }

  @Test
  void whatGathersWhileABatchComputesIsScoredTogether() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (MicroBatcher slow =
        new MicroBatcher(
            16,
            100,
            (models, nanos) -> {
              started.countDown();
              await(go);
            })) {
      slow.submit(List.of(job("a", "first")));
      started.await();
      List<CompletableFuture<Scored>> gathered = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        gathered.addAll(slow.submit(List.of(job("a", "prompt"))));
      }
      go.countDown();

      assertThat(gathered).allMatch(result -> result.join().batch() == 5);
    }
  }

  @Test
  void whatMayWaitIsScoredInSmallBatchesAndOnlyWhenNothingElseWaits() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<Integer> sizes = new CopyOnWriteArrayList<>(); // 0 for what may not wait
    MicroBatcher.Observer observer =
        new MicroBatcher.Observer() {
          @Override
          public void scored(Map<LoadedModel, Integer> models, long nanos) {
            sizes.add(0);
            started.countDown();
            await(go);
          }

          @Override
          public void scoredLater(int prompts, long nanos) {
            sizes.add(prompts);
          }
        };
    try (MicroBatcher slow = new MicroBatcher(16, 100, observer)) {
      slow.submit(List.of(job("a", "first")));
      started.await();
      List<Job> many = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        many.add(job("a", "prompt"));
      }
      List<CompletableFuture<Scored>> later = slow.submitLater(many);
      List<CompletableFuture<Scored>> own = slow.submit(List.of(job("a", "prompt")));
      go.countDown();
      later.forEach(result -> assertThat(result.join().answer()).isNotNull());
      assertThat(own.get(0)).isDone();
    }
    assertThat(sizes.subList(0, 2)).containsExactly(0, 0);
    assertThat(sizes.subList(2, sizes.size())).allMatch(size -> size >= 1 && size <= 32);
    assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(40);
  }

  @Test
  void whatMayWaitIsGivenBackWhenTheBatcherStops() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    MicroBatcher slow =
        new MicroBatcher(
            16,
            100,
            (models, nanos) -> {
              started.countDown();
              await(go);
            });
    slow.submit(List.of(job("a", "first")));
    started.await();
    CompletableFuture<Scored> later = slow.submitLater(List.of(job("a", "prompt"))).get(0);
    Thread closing = new Thread(slow::close);
    closing.start();
    while (closing.getState() != Thread.State.TIMED_WAITING) { // for the batch
      Thread.onSpinWait();
    }
    go.countDown();
    closing.join();

    assertThatThrownBy(later::join).hasCauseInstanceOf(RejectedExecutionException.class);
    registry.onTask("a", null);
    assertThat(models.closed).containsExactly("a/0");
  }

  private Job job(String task, String prompt) {
    registry.onTask(task, Loans.risks(task, 1, BeforeFirstCheckpoint.BASE));
    LoadedModel model = ((ModelLookup.Ready) registry.resolve(task, 1)).model();
    return new Job(model, new Prompt(prompt, new int[0]));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
