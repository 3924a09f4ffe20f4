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
      rejects(task(name, 1, List.of(AGE), RISK, null, null, null, null), "A task's name is 1 to");
    }
    rejects(task(null, 1, List.of(AGE), RISK, null, null, null, null), "A task's name is 1 to");
    rejects(task("t", 0, List.of(AGE), RISK, null, null, null, null), "version starts at 1");
    rejects(
        task("t", 1, List.of(AGE), RISK, null, null, List.of("a topic"), null),
        "not the name of a Kafka topic");
  }

  @Test
  void columnsAreThereOnceAndComplete() {
    rejects(List.of(), RISK, "1 to 1000 features, not 0");
    rejects(Collections.nCopies(4097, AGE), RISK, "not 4097");
    rejects(List.of(AGE, AGE), RISK, "'age' is listed twice");
    rejects(List.of(AGE, RISK), RISK, "The target 'risk' cannot be a feature too");
    rejects(List.of(Column.text("x".repeat(201))), RISK, "1 to 200 characters");
    rejects(List.of(Column.text(" ")), RISK, "1 to 200 characters");
    rejects(List.of(Column.number("n", null)), RISK, "'n' needs its number statistics");
    rejects(
        List.of(Column.number("n", new NumberStats(1, Double.NaN, 0, 0, 0, 0))),
        RISK,
        "'n' needs finite statistics");
    rejects(
        List.of(Column.number("n", new NumberStats(1, 0, 0, 0, 0, 13))), RISK, "0 to 12 decimals");
    rejects(List.of(Column.category("c", List.of())), RISK, "'c' needs 1 to 1000 categories");
    rejects(List.of(Column.category("c", List.of("a", "a"))), RISK, "the category 'a' twice");
    rejects(List.of(Column.category("c", List.of(" "))), RISK, "'c' has an empty category");
  }

  @Test
  void aColumnSaysHowItIsReadOnlyWhereThatFitsItsType() {
    Column trend = Column.number("at trend", Tasks.stats(0));
    DateSource at = new DateSource("at", DatePart.TREND, DateFormat.ISO);
    rejects(List.of(trend.ofDate(at), Column.text("at")), RISK, "both as dates and otherwise");
    rejects(
        List.of(
            trend.ofDate(at),
            Column.number("at hour", Tasks.stats(0))
                .ofDate(new DateSource("at", DatePart.HOUR, DateFormat.EPOCH_MILLIS))),
        RISK,
        "'at' has dates of one format");
    rejects(
        List.of(trend.ofDate(new DateSource("at", DatePart.MONTH, DateFormat.ISO))),
        RISK,
        "needs the type and words of its part of a date");
    rejects(
        List.of(trend.ofDate(new DateSource(" ", DatePart.TREND, DateFormat.ISO))),
        RISK,
        "needs its field, part and format");
    rejects(
        List.of(trend.ofDate(new DateSource("risk", DatePart.TREND, DateFormat.ISO))),
        RISK,
        "The target 'risk' cannot be a feature too");
    rejects(
        List.of(
            Column.category("c", List.of("a"))
                .notated(new NumberNotation(NumberNotation.Decimal.COMMA, null))),
        RISK,
        "'c' has a notation, which is for numbers");
  }

  @Test
  void theTargetFitsTheType() {
    rejects(List.of(AGE), null, "needs a target");
    rejects(List.of(AGE), Column.category("risk", List.of("low")), "at least 2 labels");
    rejects(List.of(AGE), Column.number("risk", Tasks.stats(0)), "must be a category column");
    rejects(
        List.of(AGE),
        Column.category("risk", IntStream.range(0, 1001).mapToObj(Integer::toString).toList()),
        "1 to 1000 categories, not 1001");
    rejects(
        List.of(AGE),
        Column.category("risk", List.of("a##", "a#")),
        "two labels that read the same: 'a#'");
    rejects(
        Tasks.of(TaskType.REGRESSION, List.of(AGE), RISK, null, null),
        "A regression's target must be a number column");
  }

  @Test
  void templateAndNotationFit() {
    rejects(
        task("t", 1, List.of(AGE), RISK, TemplateSpec.free("{years}"), null, null, null),
        "{years}, which is not a feature");
    rejects(
        task("t", 1, List.of(AGE), RISK, new TemplateSpec(null, null), null, null, null),
        "A template is paper, named, image, staged or free");
    for (Integer decimals : new Integer[] {null, -1, 13}) {
      NumberFormat format = new NumberFormat(NumberFormat.Style.FIXED, decimals);
      rejects(
          task("t", 1, List.of(AGE), RISK, null, format, null, null),
          "Fixed numbers need 0 to 12 decimals");
    }
  }

  @Test
  void theTrainingPolicyStaysInItsBounds() {
    rejects(policy(-1, null, null, null, null, null, null), "training.window must be at least 0");
    rejects(
        policy(null, 0, null, null, null, null, null), "training.firstRound must be at least 1");
    rejects(policy(null, null, 0, null, null, null, null), "training.roundRows must be at least 1");
    rejects(
        policy(null, null, null, 0.0, null, null, null),
        "training.roundSeconds must be a number above");
    rejects(
        policy(null, null, null, null, Double.NaN, null, null),
        "training.epochs must be a number above");
    rejects(policy(null, null, null, null, null, 0, null), "training.maxSteps must be at least 1");
    rejects(policy(null, null, null, null, null, null, 0), "training.members must be at least 1");
    rejects(policy(null, null, null, null, null, null, 33), "training.members must be at most 32");
  }

  @Test
  void adaptersAndOptimizerNeedSensibleNumbers() {
    rejects(tuned(0, null, null), "training.batch must be at least 1");
    rejects(tuned(null, -1e-4, null), "training.learningRate must be a number above");
    rejects(lora(0, null, null, null), "training.lora.rank must be at least 1");
    rejects(lora(null, 0.0, null, null), "training.lora.alpha must be a number above");
    rejects(lora(null, null, 1.0, null), "training.lora.dropout must be a number from 0");
    rejects(lora(null, null, null, List.of()), "training.lora.modules must name at least one");
    TaskSpec good = lora(16, 16.0, 0.05, List.of("q_proj", "lm_head"));
    assertThat(TaskSpecs.validate(good)).isEqualTo(good);
  }

  @Test
  void predictionsGoToATopicThatIsNoSourceOfTheTask() {
    TaskSpec good =
        method(LearningMethod.PLAIN).toBuilder()
            .sources(List.of(Source.of("orders")))
            .sink(new Sink("orders.predicted"))
            .build();
    assertThat(TaskSpecs.validate(good).sink().topic()).isEqualTo("orders.predicted");
    rejects(
        good.toBuilder().sink(new Sink("no topic")).build(), "is not the name of a Kafka topic");
    rejects(
        good.toBuilder().sink(new Sink("orders")).build(),
        "Topic 'orders' is a source of the task");
    TaskSpec fields =
        good.toBuilder().sink(new Sink("orders.predicted", SinkFormat.AVRO, true)).build();
    assertThat(TaskSpecs.validate(fields)).isEqualTo(fields);
    rejects(
        good.toBuilder().sink(new Sink("orders.predicted", SinkFormat.CLOUDEVENTS, true)).build(),
        "Predictions as cloudevents always have their probabilities");
  }

  @Test
  void aMethodThatWouldDoNothingIsRejected() {
    LearningMethod context = LearningMethod.builder().context(nearest(8)).fineTuning(false).build();
    assertThat(TaskSpecs.validate(method(context))).isEqualTo(method(context));
    LearningMethod pretrained = LearningMethod.builder().fineTuning(false).build();
    assertThat(TaskSpecs.validate(method(pretrained))).isEqualTo(method(pretrained));
    rejects(
        method(LearningMethod.builder().fineTuning(false).pretrained(false).build()),
        "Without fine-tuning there must be rows in context");
    rejects(
        method(
            LearningMethod.builder().context(nearest(8)).fineTuning(false).balance(true).build()),
        "Without fine-tuning, balance, mixup");
    rejects(method(LearningMethod.builder().context(nearest(0)).build()), "1 to 256");
    rejects(method(LearningMethod.builder().context(nearest(257)).build()), "1 to 256");
    rejects(method(LearningMethod.builder().mixup(1.5).build()), "a share above 0 and at most 1");
    rejects(
        method(LearningMethod.builder().noise(0.0).build()),
        "training.method.noise must be a number above");
    rejects(
        method(LearningMethod.builder().shuffleColumns(true).build()),
        "lists at least two of them");
    TaskSpec prices =
        Tasks.of(
            TaskType.REGRESSION, List.of(AGE), Column.number("price", Tasks.stats(2)), null, null);
    LearningMethod balance = LearningMethod.builder().balance(true).build();
    rejects(
        prices.toBuilder().training(TrainingPolicy.builder().method(balance).build()).build(),
        "Only labels can be balanced");
    LearningMethod withoutPretrained = LearningMethod.builder().pretrained(false).build();
    assertThat(TaskSpecs.validate(method(withoutPretrained))).isEqualTo(method(withoutPretrained));
    rejects(
        prices.toBuilder()
            .training(TrainingPolicy.builder().method(withoutPretrained).build())
            .build(),
        "only the ensemble of a classification");
    rejects(
        method(withoutPretrained).toBuilder()
            .training(TrainingPolicy.builder().members(2).method(withoutPretrained).build())
            .build(),
        "only the ensemble of a classification");
  }

  @Test
  void namesAreOnlyShuffledWhereThereAreSome() {
    rejects(
        task("t", 1, List.of(AGE), RISK, TemplateSpec.named().shuffled(1), null, null, null),
        "Names can only be shuffled");
    TaskSpec loans = Tasks.loans(TemplateSpec.paper().shuffled(1), null);
    rejects(loans, "Names can only be shuffled");
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
      rejects(
          asking(labels, coverage, null), "calibration.coverage must be a number from 0.5 to 0.99");
    }
    for (double below : new double[] {0, 1.1, Double.NaN}) {
      rejects(asking(labels, null, below), "calibration.abstainBelow must be a probability");
    }
    assertThat(TaskSpecs.validate(asking(labels, 0.8, 0.6)).calibration().abstains(0.59)).isTrue();
    assertThat(labels.calibration().coverageOrDefault()).isEqualTo(0.9);
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
        sources == null ? null : sources.stream().map(Source::of).toList(),
        null,
        policy);
  }

  private static void rejects(List<Column> features, Column target, String why) {
    rejects(task("t", 1, features, target, null, null, null, null), why);
  }

  private static void rejects(TaskSpec task, String why) {
    assertThatThrownBy(() -> TaskSpecs.validate(task))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageEndingWith(".");
  }
}
