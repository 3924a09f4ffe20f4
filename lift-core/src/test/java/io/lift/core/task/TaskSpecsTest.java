package io.lift.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lift.core.Tasks;
import io.lift.core.prompt.TaskLanguage;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskSpecsTest {
  private static final Column AGE = Column.number("age", Tasks.stats(0));
  private static final Column RISK = Column.category("risk", List.of("low", "high"));

  @Test
  void aSoundTaskIsReturned() {
    TaskSpec task = Tasks.loans(TemplateSpec.free("{age} years"), NumberFormat.fixed(2));

    assertThat(TaskSpecs.validate(task)).isSameAs(task);
  }

  @Test
  void aTaskComesBackFromJsonAsItWas() throws IOException {
    TaskSpec task = Tasks.loans(TemplateSpec.named(), NumberFormat.fixed(2));
    JsonMapper mapper = new JsonMapper();

    assertThat(mapper.readValue(mapper.writeValueAsBytes(task), TaskSpec.class)).isEqualTo(task);
  }

  @Test
  void namesAreKeptToWhatTopicsAndFilesAllow() {
    for (String name : List.of("", "a b", "a/b", "ä", "x".repeat(101))) {
      refuses(task(name, 1, List.of(AGE), RISK, null, null, null, null), "a task's name is 1 to");
    }
    refuses(task(null, 1, List.of(AGE), RISK, null, null, null, null), "a task's name is 1 to");
    refuses(task("t", 0, List.of(AGE), RISK, null, null, null, null), "version starts at 1");
    refuses(
        task("t", 1, List.of(AGE), RISK, null, null, List.of("a topic"), null), "no Kafka topic");
  }

  @Test
  void columnsAreThereOnceAndComplete() {
    refuses(List.of(), RISK, "1 to 4096 features, not 0");
    refuses(Collections.nCopies(4097, AGE), RISK, "not 4097");
    refuses(List.of(AGE, AGE), RISK, "'age' is there twice");
    refuses(List.of(AGE, RISK), RISK, "target 'risk' cannot be a feature too");
    refuses(List.of(Column.text("x".repeat(201))), RISK, "1 to 200 characters");
    refuses(List.of(Column.text(" ")), RISK, "1 to 200 characters");
    refuses(List.of(Column.number("n", null)), RISK, "'n' needs its number statistics");
    refuses(
        List.of(Column.number("n", new NumberStats(1, Double.NaN, 0, 0, 0, 0))),
        RISK,
        "'n' needs finite statistics");
    refuses(
        List.of(Column.number("n", new NumberStats(1, 0, 0, 0, 0, 13))), RISK, "0 to 12 decimals");
    refuses(List.of(Column.category("c", List.of())), RISK, "'c' needs 1 to 1000 categories");
    refuses(List.of(Column.category("c", List.of("a", "a"))), RISK, "the category 'a' twice");
    refuses(List.of(Column.category("c", List.of(" "))), RISK, "'c' has an empty category");
  }

  @Test
  void theTargetFitsTheType() {
    refuses(List.of(AGE), null, "needs a target");
    refuses(List.of(AGE), Column.category("risk", List.of("low")), "at least 2 labels");
    refuses(List.of(AGE), Column.number("risk", Tasks.stats(0)), "must be a category column");
    refuses(
        List.of(AGE),
        Column.category("risk", IntStream.range(0, 1001).mapToObj(Integer::toString).toList()),
        "1 to 1000 categories, not 1001");
    refuses(
        List.of(AGE),
        Column.category("risk", List.of("a##", "a#")),
        "two labels that read the same: 'a#'");
    refuses(
        Tasks.of(TaskType.REGRESSION, List.of(AGE), RISK, null, null),
        "a regression's target must be a number column");
  }

  @Test
  void templateAndNotationFit() {
    refuses(
        task("t", 1, List.of(AGE), RISK, TemplateSpec.free("{years}"), null, null, null),
        "{years}, which is not a feature");
    refuses(
        task("t", 1, List.of(AGE), RISK, new TemplateSpec(null, null), null, null, null),
        "a template is paper, named, image, staged or free");
    for (Integer decimals : new Integer[] {null, -1, 13}) {
      NumberFormat format = new NumberFormat(NumberFormat.Style.FIXED, decimals);
      refuses(
          task("t", 1, List.of(AGE), RISK, null, format, null, null),
          "fixed numbers need 0 to 12 decimals");
    }
  }

  @Test
  void theTrainingPolicyStaysInItsBounds() {
    refuses(policy(-1, null, null, null, null, null, null), "training.window is at least 0");
    refuses(policy(null, 0, null, null, null, null, null), "training.firstRound is at least 1");
    refuses(policy(null, null, 0, null, null, null, null), "training.roundRows is at least 1");
    refuses(
        policy(null, null, null, 0.0, null, null, null), "training.roundSeconds is a number above");
    refuses(
        policy(null, null, null, null, Double.NaN, null, null),
        "training.epochs is a number above");
    refuses(policy(null, null, null, null, null, 0, null), "training.maxSteps is at least 1");
    refuses(policy(null, null, null, null, null, null, 0), "training.members is at least 1");
    refuses(policy(null, null, null, null, null, null, 33), "training.members is at most 32");
  }

  @Test
  void adaptersAndOptimizerNeedSensibleNumbers() {
    refuses(tuned(0, null, null), "training.batch is at least 1");
    refuses(tuned(null, -1e-4, null), "training.learningRate is a number above");
    refuses(lora(0, null, null, null), "training.lora.rank is at least 1");
    refuses(lora(null, 0.0, null, null), "training.lora.alpha is a number above");
    refuses(lora(null, null, 1.0, null), "training.lora.dropout is a number from 0");
    refuses(lora(null, null, null, List.of()), "training.lora.modules names at least one");
    TaskSpec good = lora(16, 16.0, 0.05, List.of("q_proj", "lm_head"));
    assertThat(TaskSpecs.validate(good)).isEqualTo(good);
  }

  @Test
  void aMethodThatWouldDoNothingIsRefused() {
    LearningMethod context = LearningMethod.builder().context(nearest(8)).fineTuning(false).build();
    assertThat(TaskSpecs.validate(method(context))).isEqualTo(method(context));
    refuses(
        method(LearningMethod.builder().fineTuning(false).build()),
        "without fine-tuning there must be rows in context");
    refuses(
        method(
            LearningMethod.builder().context(nearest(8)).fineTuning(false).balance(true).build()),
        "without fine-tuning, balance, mixup");
    refuses(method(LearningMethod.builder().context(nearest(0)).build()), "1 to 256");
    refuses(method(LearningMethod.builder().context(nearest(257)).build()), "1 to 256");
    refuses(method(LearningMethod.builder().mixup(1.5).build()), "a share above 0, at most 1");
    refuses(
        method(LearningMethod.builder().noise(0.0).build()),
        "training.method.noise is a number above");
    refuses(method(LearningMethod.builder().shuffleColumns(true).build()), "where there are two");
    TaskSpec prices =
        Tasks.of(
            TaskType.REGRESSION, List.of(AGE), Column.number("price", Tasks.stats(2)), null, null);
    LearningMethod balance = LearningMethod.builder().balance(true).build();
    refuses(
        prices.toBuilder().training(TrainingPolicy.builder().method(balance).build()).build(),
        "only labels can be balanced");
    LearningMethod unheard = LearningMethod.builder().pretrained(false).build();
    assertThat(TaskSpecs.validate(method(unheard))).isEqualTo(method(unheard));
    refuses(
        prices.toBuilder().training(TrainingPolicy.builder().method(unheard).build()).build(),
        "the committee of a classification alone");
    refuses(
        method(unheard).toBuilder()
            .training(TrainingPolicy.builder().members(2).method(unheard).build())
            .build(),
        "the committee of a classification alone");
  }

  @Test
  void namesAreOnlyShuffledWhereThereAreSome() {
    refuses(
        task("t", 1, List.of(AGE), RISK, TemplateSpec.named().shuffled(1), null, null, null),
        "names can only be shuffled");
    TaskSpec loans = Tasks.loans(TemplateSpec.paper().shuffled(1), null);
    refuses(loans, "names can only be shuffled");
    TaskSpec named = Tasks.loans(TemplateSpec.named().shuffled(1), null);
    assertThat(TaskSpecs.validate(named)).isEqualTo(named);
  }

  private static ContextPolicy nearest(int rows) {
    return new ContextPolicy(ContextPolicy.Pick.NEAREST, rows);
  }

  private static TaskSpec method(LearningMethod method) {
    TrainingPolicy policy = TrainingPolicy.builder().method(method).build();
    return task("t", 1, List.of(AGE), RISK, null, null, null, policy);
  }

  @Test
  void whatATaskLeavesOpenOfItsAdaptersComesFromTheDefaults() {
    LoraPolicy defaults = new LoraPolicy(16, 16.0, 0.0, List.of("all-linear"));
    assertThat(new LoraPolicy(4, null, null, null).orElse(defaults))
        .isEqualTo(new LoraPolicy(4, 16.0, 0.0, List.of("all-linear")));
    assertThat(defaults.orElse(LoraPolicy.OPEN)).isEqualTo(defaults);
  }

  private static TaskSpec lora(Integer rank, Double alpha, Double dropout, List<String> modules) {
    return tuned(null, null, new LoraPolicy(rank, alpha, dropout, modules));
  }

  private static TaskSpec tuned(Integer batch, Double rate, LoraPolicy lora) {
    TrainingPolicy policy =
        TrainingPolicy.builder().batch(batch).learningRate(rate).lora(lora).build();
    return task("t", 1, List.of(AGE), RISK, null, null, null, policy);
  }

  @Test
  void coverageAndAbstentionStayInTheirBounds() {
    TaskSpec labels = task("t", 1, List.of(AGE), RISK, null, null, null, null);
    for (double coverage : new double[] {0.49, 0.995, Double.NaN}) {
      refuses(asking(labels, coverage, null), "calibration.coverage is a number from 0.5 to 0.99");
    }
    for (double below : new double[] {0, 1.1, Double.NaN}) {
      refuses(asking(labels, null, below), "calibration.abstainBelow is a probability");
    }
    assertThat(TaskSpecs.validate(asking(labels, 0.8, 0.6)).calibration().abstains(0.59)).isTrue();
    assertThat(labels.calibration().coverageAsked()).isEqualTo(0.9);
    assertThat(labels.calibration().abstains(0)).isFalse();
    assertThat(new TaskLanguage(asking(labels, 0.8, 0.6)).hash())
        .isEqualTo(new TaskLanguage(labels).hash());
  }

  private static TaskSpec asking(TaskSpec task, Double coverage, Double below) {
    return task.toBuilder().calibration(new CalibrationPolicy(coverage, below)).build();
  }

  private static TaskSpec policy(
      Integer window,
      Integer firstRound,
      Integer roundRows,
      Double roundSeconds,
      Double epochs,
      Integer maxSteps,
      Integer members) {
    TrainingPolicy policy =
        TrainingPolicy.builder()
            .window(window)
            .firstRound(firstRound)
            .roundRows(roundRows)
            .roundSeconds(roundSeconds)
            .epochs(epochs)
            .maxSteps(maxSteps)
            .members(members)
            .build();
    return task("t", 1, List.of(AGE), RISK, null, null, null, policy);
  }

  private static TaskSpec task(
      String name,
      int version,
      List<Column> features,
      Column target,
      TemplateSpec template,
      NumberFormat numbers,
      List<String> sources,
      TrainingPolicy policy) {
    return new TaskSpec(
        name,
        version,
        TaskType.CLASSIFICATION,
        features,
        target,
        template,
        numbers,
        sources,
        null,
        policy);
  }

  private static void refuses(List<Column> features, Column target, String why) {
    refuses(task("t", 1, features, target, null, null, null, null), why);
  }

  private static void refuses(TaskSpec task, String why) {
    assertThatThrownBy(() -> TaskSpecs.validate(task))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
