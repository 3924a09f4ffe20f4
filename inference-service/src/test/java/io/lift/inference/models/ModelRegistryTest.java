package io.lift.inference.models;

import static io.lift.inference.models.FakeModelLoader.manifest;
import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.row.RejectReason;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import io.lift.testing.Loans;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ModelRegistryTest {
  private final FakeModelLoader models = new FakeModelLoader();
  private final List<String> rejected = new ArrayList<>();
  private final List<String> evicted = new ArrayList<>();
  private final RegistryListener listener =
      new RegistryListener() {
        @Override
        public void rejected(String task, long version, CheckpointRejection rejection, String why) {
          rejected.add(task + "/" + version + ": " + rejection.code() + ": " + why);
        }

        @Override
        public void evicted(String task, LoadedModel model) {
          evicted.add(task + "/" + model.version());
        }
      };

  /** Loads that are queued and have not run. */
  private final Queue<Runnable> loads = new ArrayDeque<>();

  private final ModelRegistry registry = new ModelRegistry(models, 800, loads::add, listener);
  private final TaskSpec loans = Loans.risks("loans", 1, BeforeFirstCheckpoint.BASE);
  private final TaskSpec waiting = Loans.risks("loans", 1, BeforeFirstCheckpoint.WAIT);

  @Test
  void beforeTheFirstCheckpointTheBaseModelAnswersOrTheRequestWaits() {
    registry.onTask("loans", loans);
    assertThat(version("loans", 1)).isZero();

    registry.onTask("loans", waiting);
    assertThat(registry.resolve("loans", 1))
        .isEqualTo(new ModelLookup.Wait("task loans has no checkpoint yet", false));
  }

  @Test
  void anUnknownTaskOrVersionIsUnknownAndNotAnswered() {
    assertThat(registry.resolve("loans", 1)).isInstanceOf(ModelLookup.Unknown.class);
    registry.onTask("loans", loans);
    assertThat(registry.resolve("loans", 2)).isInstanceOf(ModelLookup.Unknown.class);
  }

  @Test
  void theOldVersionAnswersUntilTheNewOneIsLoadedAndClosesWhenItsLastBatchIsDone() {
    registry.onTask("loans", loans);
    registry.onCheckpoint("loans", manifest(loans, 1));
    runLoads();
    LoadedModel old = ((ModelLookup.Ready) registry.resolve("loans", 1)).only();
    registry.onCheckpoint("loans", manifest(loans, 2));
    assertThat(version("loans", 1)).isEqualTo(1);

    runLoads();

    assertThat(version("loans", 1)).isEqualTo(2);
    registry.onCheckpoint("loans", manifest(loans, 3));
    runLoads();
    assertThat(models.closed).isEmpty();
    old.release();
    assertThat(models.closed).containsExactly("loans/1");
  }

  @Test
  void theVersionBeforeIsThereForComparisonUntilMemoryIsNeeded() {
    ModelRegistry small = new ModelRegistry(models, 200, loads::add, listener);
    small.onTask("loans", loans);
    for (int version = 1; version <= 2; version++) {
      small.onCheckpoint("loans", manifest(loans, version));
      runLoads();
    }
    ModelLookup.Ready ready = (ModelLookup.Ready) small.resolve("loans", 1);
    assertThat(ready.model().version()).isEqualTo(2);
    assertThat(ready.previous().version()).isEqualTo(1);
    ready.release();

    TaskSpec other = Loans.risks("other", 1, BeforeFirstCheckpoint.BASE);
    small.onTask("other", other);
    small.onCheckpoint("other", manifest(other, 1));
    runLoads();

    assertThat(evicted).containsExactly("loans/1");
    assertThat(models.closed).containsExactly("loans/1");
    assertThat(((ModelLookup.Ready) small.resolve("loans", 1)).previous()).isNull();
    assertThat(small.loaded()).containsOnlyKeys("loans", "other");
  }

  @Test
  void versionsThatArriveWhileOneLoadsAreSkippedButForTheNewest() {
    registry.onTask("loans", loans);
    registry.onCheckpoint("loans", manifest(loans, 1));
    models.beforeLoad =
        () -> {
          models.beforeLoad = () -> {};
          registry.onCheckpoint("loans", manifest(loans, 2));
          registry.onCheckpoint("loans", manifest(loans, 3));
          registry.onCheckpoint("loans", manifest(loans, 4));
        };

    runLoads();

    assertThat(models.made).containsExactly("loans/1", "loans/4");
    assertThat(version("loans", 1)).isEqualTo(4);
  }

  @Test
  void aCheckpointThatCannotBeUsedIsRejectedOnceAndTheOldOneGoesOn() {
    registry.onTask("loans", loans);
    registry.onCheckpoint("loans", manifest(loans, 1));
    runLoads();

    models.damaged.put("loans/2", "its hash is wrong");
    registry.onCheckpoint("loans", manifest(loans, 2));
    runLoads();
    registry.onCheckpoint("loans", manifest(loans, 3, "another-base", "sha-3"));
    runLoads();
    registry.onCheckpoint("loans", manifest(loans, 3, FakeModelLoader.BASE, "other-bytes"));
    runLoads();
    for (int i = 0; i < 3; i++) {
      assertThat(version("loans", 1)).isEqualTo(1);
      runLoads();
    }

    assertThat(rejected).hasSize(3);
    assertThat(rejected.get(0)).isEqualTo("loans/2: unreadable: its hash is wrong");
    assertThat(rejected.get(1))
        .contains("other-base", "another-base", FakeModelLoader.BASE, "lift.model.path");
    assertThat(rejected.get(2)).contains("published-twice", "published twice");
  }

  @Test
  void aCheckpointWaitsForTheTaskThatSpeaksItsLanguage() {
    registry.onCheckpoint("loans", manifest(loans, 5));
    runLoads();
    assertThat(models.made).isEmpty();

    registry.onTask("loans", waiting);
    assertThat(registry.resolve("loans", 1)).isInstanceOf(ModelLookup.Wait.class);
    runLoads();

    assertThat(version("loans", 1)).isEqualTo(5);
  }

  @Test
  void theBaseModelNeverAnswersWhileALaterCheckpointIsComing() {
    registry.onTask("loans", loans);
    registry.onCheckpoint("loans", manifest(loans, 7));

    assertThat(registry.resolve("loans", 1))
        .isEqualTo(new ModelLookup.Wait("checkpoint 7 of task loans is being loaded", true));
    runLoads();
    assertThat(version("loans", 1)).isEqualTo(7);
  }

  @Test
  void requestsOfAnOlderLanguageAreAnsweredWhileItsCheckpointIsThereAndThenFail() {
    TaskSpec reworded =
        Loans.risks("loans", 2, BeforeFirstCheckpoint.BASE, TemplateSpec.free("{age} {income}?"));
    registry.onTask("loans", loans);
    registry.onCheckpoint("loans", manifest(loans, 1));
    runLoads();
    registry.onTask("loans", reworded);
    assertThat(version("loans", 1)).isEqualTo(1);
    assertThat(version("loans", 2)).isZero();

    registry.onCheckpoint("loans", manifest(reworded, 2));
    runLoads();

    assertThat(version("loans", 2)).isEqualTo(2);
    assertThat(registry.resolve("loans", 1))
        .isInstanceOfSatisfying(
            ModelLookup.Unanswerable.class,
            unanswerable ->
                assertThat(unanswerable.reason()).isEqualTo(RejectReason.OUTDATED_TASK));
  }

  @Test
  void aNewVersionOfATaskInTheSameLanguageKeepsItsCheckpoint() {
    registry.onTask("loans", loans);
    registry.onCheckpoint("loans", manifest(loans, 1));
    runLoads();

    registry.onTask("loans", Loans.risks("loans", 2, BeforeFirstCheckpoint.WAIT));

    assertThat(version("loans", 1)).isEqualTo(1);
    assertThat(version("loans", 2)).isEqualTo(1);
  }

  @Test
  void theLeastRecentlyUsedModelMakesRoomAndComesBackOnDemand() {
    ModelRegistry small = new ModelRegistry(models, 200, loads::add, listener);
    for (String name : List.of("a", "b", "c")) {
      TaskSpec task = Loans.risks(name, 1, BeforeFirstCheckpoint.BASE);
      small.onTask(name, task);
      small.onCheckpoint(name, manifest(task, 3));
      runLoads();
    }
    assertThat(small.loaded()).containsOnlyKeys("a", "b");

    assertThat(small.resolve("c", 1)).isInstanceOf(ModelLookup.Wait.class);
    ((ModelLookup.Ready) small.resolve("a", 1)).release();
    runLoads();

    assertThat(small.loaded()).containsOnlyKeys("a", "c");
    assertThat(models.closed).containsExactly("b/3");
    assertThat(evicted).containsExactly("b/3");
    assertThat(small.bytes()).isEqualTo(200);
    assertThat(small.hits()).isEqualTo(1);
    assertThat(small.misses()).isEqualTo(1);
    assertThat(small.resolve("b", 1)).isInstanceOf(ModelLookup.Wait.class);
    runLoads();
    assertThat(small.loaded()).hasSize(2).containsKey("b");
  }

  @Test
  void aCheckpointThatArrivesWhileAnotherMakesRoomIsLoadedIfThereIsRoomThen() {
    Map<String, TaskSpec> specs = new TreeMap<>();
    ModelRegistry[] small = new ModelRegistry[1];
    RegistryListener next =
        new RegistryListener() {
          @Override
          public void loaded(String task, LoadedModel model, Duration took) {
            if (task.equals("c")) {
              small[0].onCheckpoint("d", manifest(specs.get("d"), 1));
            }
          }
        };
    small[0] = new ModelRegistry(models, 250, loads::add, next);
    for (String name : List.of("a", "b", "c", "d")) {
      specs.put(name, Loans.risks(name, 1, BeforeFirstCheckpoint.BASE));
      small[0].onTask(name, specs.get(name));
    }

    for (String name : List.of("a", "b", "c")) {
      small[0].onCheckpoint(name, manifest(specs.get(name), 1));
      runLoads();
    }

    assertThat(small[0].loaded()).containsKey("d");
    assertThat(small[0].bytes()).isEqualTo(200);
  }

  @Test
  void aRequestThatAsksBeforeItIsDecidedWhetherToLoadIsNotForgotten() {
    ModelRegistry small = new ModelRegistry(models, 100, loads::add, listener);
    for (String name : List.of("a", "b")) {
      TaskSpec task = Loans.risks(name, 1, BeforeFirstCheckpoint.BASE);
      small.onTask(name, task);
      small.onCheckpoint(name, manifest(task, 2));
    }

    assertThat(small.resolve("b", 1)).isInstanceOf(ModelLookup.Wait.class);
    runLoads();

    assertThat(small.loaded()).containsOnlyKeys("b");
    assertThat(small.upToDate()).isTrue();
  }

  @Test
  void theBaseModelDoesNotAnswerForACheckpointThatMadeRoom() {
    ModelRegistry small = new ModelRegistry(models, 100, loads::add, listener);
    for (String name : List.of("a", "b")) {
      TaskSpec task = Loans.risks(name, 1, BeforeFirstCheckpoint.BASE);
      small.onTask(name, task);
      small.onCheckpoint(name, manifest(task, 1));
      runLoads();
      small.resolve(name, 1);
      runLoads();
    }
    assertThat(evicted).contains("a/1");

    assertThat(small.resolve("a", 1))
        .isEqualTo(new ModelLookup.Wait("checkpoint 1 of task a is being loaded", true));
  }

  @Test
  void aServiceOnAnotherBaseThanEveryTrainerKnowsIt() {
    TaskSpec other = Loans.risks("other", 1, BeforeFirstCheckpoint.BASE);
    registry.onTask("loans", loans);
    registry.onTask("other", other);
    assertThat(registry.onlyOtherBases()).isFalse();

    registry.onCheckpoint("loans", manifest(loans, 1, "another-base", "sha-1"));
    runLoads();
    assertThat(registry.tasksOfOtherBases()).containsExactly("loans");
    assertThat(registry.onlyOtherBases()).isTrue();

    registry.onCheckpoint("other", manifest(other, 1));
    runLoads();
    assertThat(registry.tasksOfOtherBases()).containsExactly("loans");
    assertThat(registry.onlyOtherBases()).isFalse();

    registry.onCheckpoint("loans", manifest(loans, 2));
    runLoads();
    assertThat(registry.tasksOfOtherBases()).isEmpty();
  }

  @Test
  void aDeletedTaskIsRemovedWithItsModels() {
    registry.onTask("loans", loans);
    registry.onCheckpoint("loans", manifest(loans, 1));
    runLoads();

    registry.onTask("loans", null);

    assertThat(registry.resolve("loans", 1)).isInstanceOf(ModelLookup.Unknown.class);
    assertThat(models.closed).containsExactly("loans/1");
  }

  @Test
  void aRequestOfATaskThatIsDeletedMeanwhileLeavesNothingBehind() {
    registry.onTask("loans", loans);
    models.beforeBase = () -> registry.onTask("loans", null);

    LoadedModel base = ((ModelLookup.Ready) registry.resolve("loans", 1)).only();
    assertThat(models.closed).isEmpty();
    base.release();

    assertThat(models.closed).containsExactly("loans/0");
  }

  private long version(String task, int taskVersion) {
    LoadedModel model = ((ModelLookup.Ready) registry.resolve(task, taskVersion)).only();
    model.release();
    return model.version();
  }

  private void runLoads() {
    for (Runnable load = loads.poll(); load != null; load = loads.poll()) {
      load.run();
    }
  }
}
