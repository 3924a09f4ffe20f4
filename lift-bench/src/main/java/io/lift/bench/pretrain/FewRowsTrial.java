package io.lift.bench.pretrain;

import io.lift.bench.baseline.Baseline;
import io.lift.bench.baseline.Baselines;
import io.lift.bench.baseline.Fitted;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.BaseModel;
import io.lift.model.FineTuning;
import io.lift.model.Scorer;
import io.lift.model.incontext.InContextClassifier;
import io.lift.model.incontext.LabelledRows;
import io.lift.model.incontext.TokenCells;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.BaseVocabulary;
import io.lift.model.text.TableEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A table of which few rows are labelled, answered in several ways. */
final class FewRowsTrial {
  private static final int MOST_QUERIES = 300;
  private static final int READINGS = 8;
  private static final int LONGEST = 1024; // tokens of a row
  private static final double FLOOR = 1e-4;

  private final LabelledTable table;
  private final TaskSpec task;
  private final TaskLanguage language;
  private final TokenCells tokens;
  private final long seed;
  private final int[] labelled;
  private final int[] queried;
  private final int[] labels;
  private final int[] truth;
  private final int[][] context;
  private final int[][] questions;

  /**
   * How often an answer was right, and its log loss with probabilities of at least 1e-4.
   *
   * @param accuracy 0..1
   * @param loss in nats
   */
  record Score(double accuracy, double loss) {}

  /**
   * @param size labelled rows
   * @param seed which ones, and which are queried
   */
  FewRowsTrial(LabelledTable table, int size, long seed) {
    this.table = table;
    this.seed = seed;
    int[] order = new SeededRandom(seed, size).permutation(table.rows().size());
    this.labelled = Arrays.copyOf(order, size);
    this.queried = Arrays.copyOfRange(order, size, Math.min(order.length, size + MOST_QUERIES));
    this.task = table.task(labelled);
    this.language = new TaskLanguage(task);
    TableEncoder encoder = new TableEncoder(BaseVocabulary.standard(), language, LONGEST);
    this.tokens = new TokenCells(encoder.columns());
    this.labels = table.labels(labelled);
    this.truth = table.labels(queried);
    this.context = cells(encoder, labelled);
    this.questions = cells(encoder, queried);
  }

  /**
   * Scores by method.
   *
   * @param reader of rows in context
   * @param base trained on the labelled rows from random weights; null to leave that out
   * @param kept folder of what trained models answered, so that none is trained twice
   */
  Map<String, Score> run(InContextClassifier reader, BaseModel base, Path kept) throws IOException {
    int classes = task.labels().size();
    Map<String, double[][]> answers = new LinkedHashMap<>();
    answers.put("commonest", commonest(classes));
    answers.put("5 nearest", baseline("knn", "k 5"));
    answers.put("logistic", baseline("linear", "passes 10"));
    answers.put("forest", baseline("forest", "depth 10"));
    if (base != null) {
      answers.put("trained", trained(base, kept));
    }
    answers.put("in context", inContext(reader, classes));
    if (base != null) {
      answers.put("both", mean(answers.get("trained"), answers.get("in context")));
    }
    Map<String, Score> scores = new LinkedHashMap<>();
    answers.forEach((method, p) -> scores.put(method, score(p)));
    return scores;
  }

  private int[][] cells(TableEncoder encoder, int[] rows) {
    return Arrays.stream(rows)
        .mapToObj(r -> tokens.of(encoder.prompt(language.prompt(table.rows().get(r)))))
        .toArray(int[][]::new);
  }

  /** The shares of the labels, whatever the row. */
  private double[][] commonest(int classes) {
    double[] shares = new double[classes];
    for (int label : labels) {
      shares[label] += 1.0 / labels.length;
    }
    return Arrays.stream(truth).mapToObj(row -> shares).toArray(double[][]::new);
  }

  /** With one setting: there are no rows to choose on. */
  private double[][] baseline(String name, String setting) {
    Baseline baseline = Baselines.named(name, true).with(setting);
    Fitted fitted =
        new Fitted(baseline, task.target().name(), task.labels(), table.texts(labelled), List.of());
    return fitted.answer(table.texts(queried)).stream()
        .map(answer -> task.labels().stream().mapToDouble(answer.probabilities()::get).toArray())
        .toArray(double[][]::new);
  }

  private double[][] inContext(InContextClassifier reader, int classes) {
    LabelledRows rows = new LabelledRows(tokens.categories(), context, labels, classes);
    try (InContextClassifier.Context read = reader.read(rows, READINGS, seed)) {
      return read.probabilities(questions);
    }
  }

  private double[][] trained(BaseModel base, Path kept) throws IOException {
    Path file = kept.resolve("%s-%d-%d.csv".formatted(task.name(), labelled.length, seed));
    if (!Files.exists(file)) {
      Files.write(file, Arrays.stream(trained(base)).map(FewRowsTrial::line).toList());
    }
    return Files.readAllLines(file).stream()
        .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toArray(double[][]::new);
  }

  private static String line(double[] p) {
    return Arrays.stream(p).mapToObj(Double::toString).collect(Collectors.joining(","));
  }

  private double[][] trained(BaseModel base) {
    List<Example> examples =
        Arrays.stream(labelled)
            .mapToObj(r -> table.rows().get(r))
            .map(row -> new Example(language.prompt(row), language.completion(row.target())))
            .toList();
    byte[] checkpoint;
    try (FineTuning tuning = FineTuning.start(base, language, TrainingPolicy.defaults())) {
      tuning.round(examples, List.of(), (step, steps, loss) -> true);
      checkpoint = tuning.checkpoint();
    }
    List<Prompt> prompts =
        Arrays.stream(queried).mapToObj(r -> language.prompt(table.rows().get(r))).toList();
    try (Scorer scorer = Scorer.of(base, language, checkpoint)) {
      return scorer.probabilities(prompts);
    }
  }

  private static double[][] mean(double[][] a, double[][] b) {
    double[][] mean = new double[a.length][];
    for (int r = 0; r < a.length; r++) {
      mean[r] = new double[a[r].length];
      for (int k = 0; k < mean[r].length; k++) {
        mean[r][k] = (a[r][k] + b[r][k]) / 2;
      }
    }
    return mean;
  }

  private Score score(double[][] probabilities) {
    int right = 0;
    double loss = 0;
    for (int r = 0; r < truth.length; r++) {
      double[] p = probabilities[r];
      int best = 0;
      for (int k = 1; k < p.length; k++) {
        best = p[k] > p[best] ? k : best;
      }
      right += best == truth[r] ? 1 : 0;
      loss -= Math.log(Math.max(FLOOR, p[truth[r]])) / truth.length;
    }
    return new Score(right / (double) truth.length, loss);
  }
}
