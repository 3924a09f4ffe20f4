package io.lift.core.task;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules that every published task satisfies. */
public final class TaskSpecs {
  /**
   * Most features of a task. The embedded model reads 1,024 tokens: one for each feature, one for
   * the question, one for the answer.
   */
  public static final int MAX_FEATURES = 1000;

  /** Most labels of a task, and most words of a category column. */
  public static final int MAX_CATEGORIES = 1000;

  /** Longest column name, in characters. */
  public static final int MAX_COLUMN_NAME = 200;

  /** Most digits after the point. */
  public static final int MAX_DECIMALS = 12;

  /** Most models trained side by side. */
  public static final int MAX_MEMBERS = 32;

  /** A year, in seconds. */
  private static final long MAX_LABEL_WAIT = 366L * 24 * 60 * 60;

  private static final double MIN_PRIORITY = 0.01;
  private static final double MAX_PRIORITY = 100;

  /** Lowest coverage of a calibration policy. */
  public static final double MIN_COVERAGE = 0.5;

  /** Highest coverage of a calibration policy. */
  public static final double MAX_COVERAGE = 0.99;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

  private TaskSpecs() {}

  /**
   * Checks a task.
   *
   * @return the same task
   * @throws IllegalArgumentException with one sentence that says what is wrong
   */
  public static TaskSpec validate(TaskSpec task) {
    require(isName(task.name()), "A task's name is 1 to 100 letters, digits, '.', '_' or '-'");
    require(task.version() >= 1, "A task's version starts at 1");
    require(task.type() != null, "A task is a classification or a regression");
    require(task.target() != null, "A task needs a target column");
    int features = task.features().size();
    require(
        features >= 1 && features <= MAX_FEATURES,
        "A task has 1 to " + MAX_FEATURES + " features, not " + features);
    ColumnRules.checkFeatures(task.features());
    ColumnRules.check(task.target());
    String target = task.target().name();
    require(task.target().date() == null, "The target '" + target + "' cannot be part of a date");
    require(
        task.features().stream()
            .noneMatch(feature -> feature.name().equals(target) || feature.field().equals(target)),
        "The target '" + target + "' cannot be a feature too");
    if (task.type() == TaskType.CLASSIFICATION) {
      checkLabels(task.target());
    } else {
      require(
          task.target().type() == ColumnType.NUMBER,
          "A regression's target must be a number column, '" + task.target().name() + "' is not");
    }
    checkLabelTexts(task);
    checkFormat(task.numbers());
    require(
        task.extrapolation() == null
            || (task.type() == TaskType.REGRESSION && task.extrapolation().isValid()),
        "Only a regression has an extrapolation, of finite numbers with doubt >= 0, deviation >= 0"
            + " and min <= max");
    Set<String> topics = new HashSet<>();
    for (Source source : task.sources()) {
      String topic = source.topic();
      require(
          topic != null && TOPIC.matcher(topic).matches(),
          "'" + topic + "' is not the name of a Kafka topic");
      require(topics.add(topic), "Topic '" + topic + "' is a source twice");
      checkReading(source, task.keys());
    }
    if (task.sink() != null) {
      checkSink(task.sink(), topics);
    }
    require(
        task.leastColumns() >= 0 && task.leastColumns() <= 1,
        "The share of the features that a row must name is between 0 and 1");
    checkPolicy(task.training());
    checkCalibration(task.calibration(), task.type());
    checkTemplate(task);
    checkMethod(task, task.training().methodOrPlain());
    return task;
  }

  private static void checkSink(Sink sink, Set<String> sources) {
    String topic = sink.topic();
    require(
        topic != null && TOPIC.matcher(topic).matches(),
        "'" + topic + "' is not the name of a Kafka topic");
    require(
        !sources.contains(topic),
        "Topic '" + topic + "' is a source of the task, so its predictions cannot go there");
    require(
        !sink.withProbabilities() || sink.formatOrJson().hasFields(),
        "Predictions as "
            + sink.formatOrJson().word()
            + " always have their probabilities; only avro, json-schema and connect leave them out");
  }

  private static void checkReading(Source source, KeyType keys) {
    try {
      source.keyOr(keys);
      source.conditions();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Source %s: %s.".formatted(source.topic(), e.getMessage()), e);
    }
  }

  /** Whether a task may have this name. */
  public static boolean isName(String name) {
    return name != null && NAME.matcher(name).matches();
  }

  private static void checkLabels(Column target) {
    String named = "Target '" + target.name() + "' ";
    require(
        target.type() == ColumnType.CATEGORY && target.categories().size() >= 2,
        named + "of a classification must be a category column with at least 2 labels");
    Set<String> completions = new HashSet<>();
    for (String label : target.categories()) {
      require(
          completions.add(PlainText.of(label)),
          named + "has two labels that read the same: '" + PlainText.of(label) + "'");
    }
  }

  private static void checkLabelTexts(TaskSpec task) {
    Map<String, String> texts = task.labelTexts();
    texts.forEach(
        (label, text) -> {
          require(
              task.labels().contains(label),
              "'" + label + "' has a text and is not a label of the task");
          require(!text.isBlank(), "The text of label '" + label + "' is empty");
        });
    require(
        texts.isEmpty() || !task.textColumns().isEmpty(),
        "Texts of labels need a text column, which they are compared with");
  }

  private static void checkFormat(NumberFormat format) {
    require(format.style() != null, "A number format is fixed, adaptive or grid");
    Integer decimals = format.decimals();
    require(
        format.style() != NumberFormat.Style.FIXED
            || (decimals != null && decimals >= 0 && decimals <= MAX_DECIMALS),
        "Fixed numbers need 0 to " + MAX_DECIMALS + " decimals");
  }

  private static void checkTemplate(TaskSpec task) {
    TemplateSpec template = task.template();
    require(template.style() != null, "A template is paper, named, image, staged or free");
    require(
        template.shuffle() == null
            || ((template.style() == TemplateSpec.Style.NAMED
                    || template.style() == TemplateSpec.Style.FREE)
                && task.features().size() > 1),
        "Names can only be shuffled in a sentence that names at least two columns");
    Sentence.of(task);
  }

  private static void checkMethod(TaskSpec task, LearningMethod method) {
    ContextPolicy context = method.context();
    require(
        context == null
            || (context.pick() != null
                && context.rows() >= 1
                && context.rows() <= ContextPolicy.MAX_ROWS),
        "training.method.context needs nearest or random rows, 1 to " + ContextPolicy.MAX_ROWS);
    require(
        method.trains() || context != null || method.usesPretrained(),
        "Without fine-tuning there must be rows in context or the pretrained model, because nothing"
            + " else would be learned");
    require(
        method.trains()
            || !(method.augments()
                || method.balances()
                || method.usesTwoStages()
                || method.generates()),
        "Without fine-tuning, balance, mixup, noise, shuffled columns, two stages and data"
            + " generation do nothing");
    require(
        !method.balances() || task.type() == TaskType.CLASSIFICATION,
        "Only labels can be balanced, and a regression has none");
    require(
        method.mixup() == null || (method.mixup() > 0 && method.mixup() <= 1),
        "training.method.mixup must be a share above 0 and at most 1");
    positive(method.noise(), "method.noise");
    require(
        method.noise() == null
            || task.features().stream().anyMatch(column -> column.type() == ColumnType.NUMBER),
        "Noise needs a column of numbers");
    require(
        !method.shuffles() || (task.template().lists() && task.features().size() > 1),
        "Columns can only be shuffled in a sentence that lists at least two of them");
    require(
        method.usesPretrained()
            || (task.type() == TaskType.CLASSIFICATION
                && method.trains()
                && task.training().members() == null),
        "The pretrained model joins only the ensemble of a classification;"
            + " training.method.pretrained cannot be set for this task");
    require(
        !method.generates()
            || new HashSet<>(Sentence.of(task).slots()).size() == task.features().size(),
        "Rows can only be generated if the sentence has a slot for every column");
  }

  private static void checkPolicy(TrainingPolicy policy) {
    atLeast(policy.window(), 0, "window");
    atLeast(policy.firstRound(), 1, "firstRound");
    atLeast(policy.roundRows(), 1, "roundRows");
    atLeast(policy.maxSteps(), 1, "maxSteps");
    atLeast(policy.members(), 1, "members");
    require(
        policy.members() == null || policy.members() <= MAX_MEMBERS,
        "training.members must be at most " + MAX_MEMBERS);
    positive(policy.roundSeconds(), "roundSeconds");
    Double wait = policy.labelWait();
    require(
        wait == null || (wait >= 0 && wait <= MAX_LABEL_WAIT),
        "training.labelWait must be a number of seconds from 0 to " + MAX_LABEL_WAIT);
    Double priority = policy.priority();
    require(
        priority == null || (priority >= MIN_PRIORITY && priority <= MAX_PRIORITY),
        "training.priority must be a number from " + MIN_PRIORITY + " to " + MAX_PRIORITY);
    positive(policy.epochs(), "epochs");
    positive(policy.budget(), "budget");
    atLeast(policy.batch(), 1, "batch");
    positive(policy.learningRate(), "learningRate");
    if (policy.lora() != null) {
      checkLora(policy.lora());
    }
  }

  private static void checkCalibration(CalibrationPolicy policy, TaskType type) {
    Double coverage = policy.coverage();
    require(
        coverage == null || (coverage >= MIN_COVERAGE && coverage <= MAX_COVERAGE),
        "calibration.coverage must be a number from " + MIN_COVERAGE + " to " + MAX_COVERAGE);
    Double below = policy.abstainBelow();
    require(
        below == null || (below > 0 && below <= 1),
        "calibration.abstainBelow must be a probability above 0 and at most 1");
    require(
        below == null || type == TaskType.CLASSIFICATION,
        "A regression has intervals and never abstains: calibration.abstainBelow is for labels");
  }

  private static void checkLora(LoraPolicy lora) {
    atLeast(lora.rank(), 1, "lora.rank");
    positive(lora.alpha(), "lora.alpha");
    require(
        lora.dropout() == null || (lora.dropout() >= 0 && lora.dropout() < 1),
        "training.lora.dropout must be a number from 0 to below 1");
    require(
        lora.modules() == null
            || (!lora.modules().isEmpty() && lora.modules().stream().noneMatch(String::isBlank)),
        "training.lora.modules must name at least one layer");
  }

  private static void atLeast(Integer value, int least, String name) {
    require(value == null || value >= least, "training." + name + " must be at least " + least);
  }

  private static void positive(Double value, String name) {
    require(
        value == null || (Double.isFinite(value) && value > 0),
        "training." + name + " must be a number above 0");
  }

  static void require(boolean valid, String message) {
    if (!valid) {
      throw new IllegalArgumentException(message + ".");
    }
  }
}
