package io.lift.bench.pretrain;

import io.lift.bench.baseline.Baseline;
import io.lift.bench.baseline.Baselines;
import io.lift.bench.baseline.Fitted;
import io.lift.core.answer.Answer;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.BaseModel;
import io.lift.model.FineTuning;
import io.lift.model.Scorer;
import io.lift.model.incontext.InContextPredictor;
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
  private static final int PASSES = 4;
  private static final int LONGEST = 1024; // tokens of a row

  private final LabelledTable table;
  private final TaskSpec task;
  private final TaskLanguage language;
  private final TokenCells tokens;
  private final long seed;
  private final int[] labelled;
  private final int[] queried;
  private final int[] labels; // of a regression cells of the target's grid
  private final int[][] context;
  private final int[][] questions;

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
    TableEncoder encoder = new TableEncoder(BaseVocabulary.standard(), language, LONGEST, false);
    this.tokens = new TokenCells(encoder.columns());
    this.labels =
        table.regression()
            ? Arrays.stream(table.numbers(labelled))
                .mapToInt(language.targetGrid()::encode)
                .toArray()
            : table.labels(labelled);
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
  Map<String, FewRowsScore> run(InContextPredictor reader, BaseModel base, Path kept)
      throws IOException {
    Map<String, FewRowsScore> scores = new LinkedHashMap<>();
    scores.put("5 nearest", baseline("knn", "k 5"));
    scores.put("linear", baseline("linear", table.regression() ? "alpha 0.01" : "passes 50"));
    scores.put(
        "forest", baseline("forest", table.regression() ? "share of features 1.0" : "depth 40"));
    scores.put("boosting", baseline("xgboost", table.regression() ? "depth 4" : "depth 6"));
    double[][] inContext = inContext(reader);
    if (base != null) {
      double[][] trained = trained(base, kept);
      scores.put("trained", score(trained));
      scores.put("both", score(mean(trained, inContext)));
    }
    scores.put("in context", score(inContext));
    return scores;
  }

  private int[][] cells(TableEncoder encoder, int[] rows) {
    return Arrays.stream(rows)
        .mapToObj(r -> tokens.of(encoder.prompt(language.prompt(table.rows().get(r)))))
        .toArray(int[][]::new);
  }

  /** With one setting: there are no rows to choose on. */
  private FewRowsScore baseline(String name, String setting) {
    Baseline baseline = Baselines.named(name, !table.regression()).with(setting);
    Fitted fitted =
        new Fitted(baseline, task.target().name(), task.labels(), table.texts(labelled), List.of());
    List<Answer> answers = fitted.answer(table.texts(queried));
    return table.regression()
        ? FewRowsScore.ofNumbers(answers, table.numbers(queried), mean())
        : FewRowsScore.ofLabels(
            answers.stream()
                .map(a -> task.labels().stream().mapToDouble(a.probabilities()::get).toArray())
                .toArray(double[][]::new),
            table.labels(queried));
  }

  private double mean() {
    return Arrays.stream(table.numbers(labelled)).average().orElseThrow();
  }

  private double[][] inContext(InContextPredictor reader) {
    LabelledRows rows =
        new LabelledRows(
            tokens.categories(), context, labels, language.candidates().size(), table.regression());
    try (InContextPredictor.Context read = reader.read(rows, PASSES, seed)) {
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

  private FewRowsScore score(double[][] probabilities) {
    return table.regression()
        ? FewRowsScore.ofNumbers(
            Arrays.stream(probabilities).map(language::answer).toList(),
            table.numbers(queried),
            mean())
        : FewRowsScore.ofLabels(probabilities, table.labels(queried));
  }
}
