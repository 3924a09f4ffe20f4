package io.lift.page.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.answer.Answer;
import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.messages.Action;
import io.lift.messages.ChartsMessage;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.EventMessage;
import io.lift.messages.LabelMessage;
import io.lift.messages.PredictionMessage;
import io.lift.messages.TrainingProgress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LivePageTest {
  private static final long NOW = 1_000_000;

  private final LivePage page = new LivePage();

  @BeforeEach
  void create() {
    page.task("loans", task("loans"));
  }

  @Test
  void aMillionPredictionsLeaveTheNewestHundred() {
    for (int i = 0; i < 1_000_000; i++) {
      page.predicted(prediction("r" + i), i);
    }

    TaskDetail detail = page.detail("loans", NOW).orElseThrow();

    assertThat(detail.predictions()).hasSize(100);
    assertThat(detail.predictions().get(0).row()).isEqualTo("r999999");
    assertThat(detail.predictions().get(99).row()).isEqualTo("r999900");
  }

  @Test
  void actionsAreTheNewestFiftyOfAllTasksAndAlsoOnTheirTask() {
    for (int i = 0; i < 60; i++) {
      page.event(action("gone", i));
    }
    page.event(action("loans", 60));
    page.event(action(null, 61));

    assertThat(page.actions()).hasSize(50);
    assertThat(page.actions())
        .extracting(EventMessage::text)
        .startsWith("anna was refused to create a task.", "anna was refused to create task loans.");
    assertThat(page.detail("loans", NOW).orElseThrow().events()).hasSize(1);
  }

  private static EventMessage action(String task, long at) {
    return EventMessage.action(
        task,
        at,
        new Action(
            Action.What.CREATE,
            "anna",
            true,
            Action.Via.HTTP,
            null,
            Action.Outcome.REFUSED,
            null,
            null,
            null));
  }

  @Test
  void aLabelMeetsItsPredictionInEitherOrder() {
    page.labelled(new LabelMessage("loans", "early", "no", null));
    page.predicted(prediction("early"), 1);
    page.predicted(prediction("late"), 2);
    page.labelled(new LabelMessage("loans", "late", "yes", null));

    assertThat(page.detail("loans", NOW).orElseThrow().predictions())
        .extracting(Prediction::row, Prediction::truth, Prediction::right)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("late", "yes", true),
            org.assertj.core.groups.Tuple.tuple("early", "no", false));
  }

  @Test
  void aPredictionSaysWhichColumnsItsRowLacked() {
    PredictionMessage whole = prediction("whole");
    page.predicted(whole, 1);
    page.predicted(
        new PredictionMessage(
            whole.task(),
            "lacking",
            whole.status(),
            whole.answer(),
            whole.checkpoint(),
            whole.templateHash(),
            whole.origin(),
            whole.timings(),
            null,
            List.of("age"),
            null,
            null,
            null),
        2);
    page.labelled(new LabelMessage("loans", "lacking", "yes", null));

    assertThat(page.detail("loans", NOW).orElseThrow().predictions())
        .extracting(Prediction::missing)
        .containsExactly(List.of("age"), null);
  }

  @Test
  void aTrainerThatHasFallenSilentIsNone() {
    page.progress("loans", progress(TrainingProgress.State.TRAINING, 3, 1, NOW));

    assertThat(page.cards(NOW + 29_000).get(0).trainer().state()).isEqualTo("training");
    long before = page.cardsChanged(NOW + 29_000);
    assertThat(page.cards(NOW + 31_000).get(0).trainer().state()).isEqualTo("none");
    assertThat(page.cardsChanged(NOW + 31_000)).isGreaterThan(before);
  }

  @Test
  void aRetrainingShowsItsStepsAndIsNoRound() {
    page.progress("loans", progress(TrainingProgress.State.RETRAINING, 3, 7, NOW));

    TaskCard.Trainer trainer = page.cards(NOW).get(0).trainer();
    assertThat(trainer.state()).isEqualTo("retraining");
    assertThat(trainer.step()).isEqualTo(7);
    assertThat(trainer.version()).isNull();
    assertThat(page.detail("loans", NOW).orElseThrow().round()).isNull();
  }

  @Test
  void theLossOfARoundBeginsAnewWithEachRound() {
    page.progress("loans", progress(TrainingProgress.State.TRAINING, 3, 1, NOW));
    page.progress("loans", progress(TrainingProgress.State.TRAINING, 3, 5, NOW));
    page.progress("loans", progress(TrainingProgress.State.IDLE, 3, 0, NOW));
    assertThat(page.detail("loans", NOW).orElseThrow().round().points()).hasSize(2);

    page.progress("loans", progress(TrainingProgress.State.TRAINING, 4, 2, NOW));
    assertThat(page.detail("loans", NOW).orElseThrow().round().version()).isEqualTo(4);
    assertThat(page.detail("loans", NOW).orElseThrow().round().points())
        .containsExactly(new TaskDetail.Loss(2, 0.5));
    for (int step = 3; step < 5_000; step++) {
      page.progress("loans", progress(TrainingProgress.State.TRAINING, 4, step, NOW));
    }
    assertThat(page.detail("loans", NOW).orElseThrow().round().points())
        .hasSizeLessThanOrEqualTo(201)
        .startsWith(new TaskDetail.Loss(2, 0.5))
        .endsWith(new TaskDetail.Loss(4_999, 0.5));
  }

  @Test
  void oneCanGoBackToTheNewestSixteenThatSpeakTheSameLanguage() {
    for (long version = 1; version <= 120; version++) {
      page.checkpoint(manifest(version, version == 110 ? "other" : "words"));
    }

    List<TaskDetail.Version> lineage = page.detail("loans", NOW).orElseThrow().lineage();

    assertThat(lineage).hasSize(100);
    assertThat(lineage.get(0).current()).isTrue();
    assertThat(lineage.stream().filter(TaskDetail.Version::canRestore))
        .extracting(TaskDetail.Version::version)
        .containsExactly(
            119L, 118L, 117L, 116L, 115L, 114L, 113L, 112L, 111L, 109L, 108L, 107L, 106L, 105L);
  }

  @Test
  void aWatcherIsToldWhatIsNewAndNothingTwice() {
    PageSession session = new PageSession(page, "loans");
    assertThat(names(session.events(NOW))).containsExactly("tasks", "task", "alive");
    assertThat(names(session.events(NOW + 250))).isEmpty();

    page.predicted(prediction("a"), 1);
    assertThat(names(session.events(NOW + 500))).containsExactly("predictions");
    page.labelled(new LabelMessage("loans", "a", "no", null));
    List<PageSession.Event> events = session.events(NOW + 750);
    assertThat(names(events)).containsExactly("predictions");
    assertThat(new String(events.get(0).json())).contains("\"truth\":\"no\"");
    assertThat(names(session.events(NOW + 1000))).isEmpty();

    page.task("loans", null);
    assertThat(names(session.events(NOW + 2000))).containsExactly("tasks", "task");
    page.task("loans", task("loans"));
    assertThat(names(session.events(NOW + 4000))).containsExactly("tasks", "task");
  }

  @Test
  void theNewestFiftyEventsOfATaskAreShownAsTheyCome() {
    page.event(event("unknown", 0));
    PageSession session = new PageSession(page, "loans");
    session.events(NOW);
    for (int i = 0; i < 60; i++) {
      page.event(event("loans", i));
    }

    List<PageSession.Event> events = session.events(NOW + 250);

    assertThat(names(events)).containsExactly("events");
    assertThat(page.detail("loans", NOW).orElseThrow().events())
        .hasSize(50)
        .startsWith(event("loans", 10))
        .endsWith(event("loans", 59));
    assertThat(page.detail("unknown", NOW)).isEmpty();
  }

  private static EventMessage event(String task, long scored) {
    return EventMessage.drift(
        task,
        new ChartsMessage.Drift(scored, NOW, 0.9, 0.5, null),
        "accuracy",
        30,
        null,
        "The accuracy of task loans fell.");
  }

  @Test
  void aPredictionSaysHowManyLabelledRowsItIsBasedOn() {
    PredictionMessage alone = prediction("alone");
    page.predicted(alone, 1);
    page.predicted(
        new PredictionMessage(
            alone.task(),
            "supported",
            alone.status(),
            alone.answer(),
            new PredictionMessage.Checkpoint(0, null, Map.of()),
            alone.templateHash(),
            alone.origin(),
            alone.timings(),
            null,
            null,
            null,
            new PredictionMessage.Support(3, 10, 74, 64),
            null),
        2);

    assertThat(page.detail("loans", NOW).orElseThrow().predictions())
        .extracting(Prediction::version, Prediction::context)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0L, 64),
            org.assertj.core.groups.Tuple.tuple(1L, null));
  }

  @Test
  void aBurstIsFiftyPredictionsAtATime() {
    PageSession session = new PageSession(page, "loans");
    session.events(NOW);
    for (int i = 0; i < 10_000; i++) {
      page.predicted(prediction("r" + i), i);
    }
    List<PageSession.Event> events = session.events(NOW + 250);
    assertThat(names(events)).containsExactly("predictions");
    assertThat(new String(events.get(0).json()).split("\"row\"")).hasSize(51);
  }

  private static List<String> names(List<PageSession.Event> events) {
    return events.stream().map(PageSession.Event::name).toList();
  }

  private static TaskSpec task(String name) {
    return new TaskSpec(
        name,
        1,
        TaskType.CLASSIFICATION,
        List.of(Column.text("x")),
        Column.category("y", List.of("no", "yes")),
        null,
        null,
        null,
        null,
        null);
  }

  private static PredictionMessage prediction(String row) {
    return new PredictionMessage(
        "loans",
        row,
        PredictionMessage.Status.ANSWERED,
        Answer.ofLabels("yes", Map.of("no", 0.25, "yes", 0.75)),
        new PredictionMessage.Checkpoint(1, null, Map.of()),
        "hash",
        null,
        new PredictionMessage.Timings(3, 1, 1),
        null);
  }

  private static TrainingProgress progress(
      TrainingProgress.State state, long version, int step, long at) {
    return new TrainingProgress("loans", "t", state, version, step, 5_000, 0.5, 0, 0, at);
  }

  private static CheckpointManifest manifest(long version, String language) {
    return new CheckpointManifest(
        "loans",
        version,
        version - 1,
        1,
        language,
        "base",
        "sha",
        1,
        null,
        0,
        "t",
        0,
        0,
        Map.of(),
        Map.of(),
        0,
        0,
        Map.of(),
        null,
        null);
  }
}
