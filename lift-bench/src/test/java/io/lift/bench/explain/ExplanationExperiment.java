package io.lift.bench.explain;

import io.lift.cli.demo.AgrawalGenerator;
import io.lift.cli.demo.AgrawalGenerator.Applicant;
import io.lift.cli.demo.LoanTask;
import io.lift.core.explanation.ExplainedColumn;
import io.lift.core.explanation.RowVariants;
import io.lift.core.explanation.Walks;
import io.lift.core.explanation.Walks.Walk;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.row.RowParser;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import io.lift.model.BaseModel;
import io.lift.model.LabelledRowReader;
import io.lift.model.LabelledRowReader.LabelledRow;
import io.lift.model.incontext.InContextReader.Context;
import io.lift.model.incontext.RowContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Compares ways to sample contributions on Agrawal's functions, without Kafka: {@code
 * ExplanationExperiment FUNCTIONS ROWS LEARNED}, e.g. {@code 1,2,3 60 1000}. The explained score is
 * that of the function itself, and that of the in-context model and the boosted trees in equal
 * parts. Prints in how many rows the function's columns take the first places, and how much the
 * contributions of two seeds differ.
 */
public final class ExplanationExperiment {
  private static final double PERTURBATION = 0.05;
  private static final int FROM = 1024; // labelled rows that others are drawn from

  private record Found(double[] contributions, int variants) {}

  /** A way to explain: from columns, rows, draws and seed to walks. */
  private record Method(String name, int draws, Sampler sampler) {}

  private interface Sampler {
    List<Walk> walks(int columns, int rows, int draws, long seed);
  }

  private static final List<Method> METHODS =
      List.of(
          new Method("one at a time", 16, null),
          new Method("one at a time", 32, null),
          new Method("walks", 8, ExplanationExperiment::plain),
          new Method("walks", 16, ExplanationExperiment::plain),
          new Method("walks", 32, ExplanationExperiment::plain),
          new Method("walks in pairs", 8, Walks::draw),
          new Method("walks in pairs", 16, Walks::draw),
          new Method("walks in pairs", 32, Walks::draw));

  private ExplanationExperiment() {}

  public static void main(String[] args) throws Exception {
    int rows = Integer.parseInt(args[1]);
    int learned = Integer.parseInt(args[2]);
    System.out.println(
        "function | of | right | method | draws | all first | first | differ | variants per row | ms per row");
    try (BaseModel base = BaseModel.open(null, "cpu")) {
      for (String function : args[0].split(",")) {
        run(base, Integer.parseInt(function), rows, learned);
      }
    }
  }

  private static void run(BaseModel base, int function, int count, int learned) throws Exception {
    TaskSpec task = LoanTask.infer("loans", List.of(function));
    TaskLanguage language = new TaskLanguage(task);
    LabelledRowReader reader = LabelledRowReader.of(base, language).orElseThrow();
    AgrawalGenerator generator = new AgrawalGenerator(function, PERTURBATION);
    RowParser parser = new RowParser(task);
    JsonRows json = new JsonRows(task);
    List<LabelledRow> labelled = new ArrayList<>();
    List<Row> explained = new ArrayList<>();
    for (int i = 0; i < learned + count; i++) {
      Row row = parser.parse(json.write(LoanTask.columns(generator.next(function))));
      Prompt prompt = language.prompt(row);
      if (i < learned) {
        reader.row(prompt, language.completion(prompt, row.target())).ifPresent(labelled::add);
      } else {
        explained.add(row);
      }
    }
    List<Map<String, Object>> others =
        labelled.subList(Math.max(0, labelled.size() - FROM), labelled.size()).stream()
            .map(LabelledRow::content)
            .map(reader::values)
            .toList();
    Function<List<Map<String, Object>>, double[]> truth =
        all ->
            all.stream()
                .mapToDouble(
                    v -> AgrawalGenerator.group(function, applicant(v)).equals("A") ? 1 : 0)
                .toArray();
    report(function, "function", language, explained, others, truth);
    int a = task.labels().indexOf("A");
    try (Context context = reader.read(labelled);
        Context trees = reader.boost(labelled)) {
      Function<List<Map<String, Object>>, double[]> model =
          all -> {
            List<RowContent> contents =
                all.stream()
                    .map(values -> reader.content(language.prompt(new Row(values, null))))
                    .toList();
            double[][] read = context.probabilities(contents);
            double[][] grown = trees.probabilities(contents);
            return IntStream.range(0, read.length)
                .mapToDouble(i -> (read[i][a] + grown[i][a]) / 2)
                .toArray();
          };
      report(function, "models", language, explained, others, model);
    }
  }

  private static void report(
      int function,
      String of,
      TaskLanguage language,
      List<Row> rows,
      List<Map<String, Object>> others,
      Function<List<Map<String, Object>>, double[]> score) {
    List<ExplainedColumn> columns = ExplainedColumn.of(language.task());
    Set<String> relevant = AgrawalColumns.of(function);
    long right =
        rows.stream()
            .filter(
                row ->
                    score.apply(List.of(row.values()))[0] >= 0.5
                        == AgrawalGenerator.GROUP_A.equals(row.target()))
            .count();
    for (Method method : METHODS) {
      int allFirst = 0;
      int first = 0;
      double differ = 0;
      long variants = 0;
      long began = System.nanoTime();
      for (int i = 0; i < rows.size(); i++) {
        Map<String, Object> values = rows.get(i).values();
        Found found = explain(method, language, values, others, columns, score, i);
        Found again = explain(method, language, values, others, columns, score, i + 1_000_000L);
        List<String> order = order(columns, found.contributions);
        allFirst += Set.copyOf(order.subList(0, relevant.size())).equals(relevant) ? 1 : 0;
        first += relevant.contains(order.get(0)) ? 1 : 0;
        for (int c = 0; c < columns.size(); c++) {
          differ += Math.abs(found.contributions[c] - again.contributions[c]) / columns.size();
        }
        variants += found.variants;
      }
      double n = rows.size();
      System.out.printf(
          "%d | %s | %.0f %% | %s | %d | %.0f %% | %.0f %% | %.4f | %.0f | %.1f%n",
          function,
          of,
          100.0 * right / rows.size(),
          method.name,
          method.draws,
          100 * allFirst / n,
          100 * first / n,
          differ / n,
          variants / n,
          (System.nanoTime() - began) / 2e6 / n);
    }
  }

  private static Found explain(
      Method method,
      TaskLanguage language,
      Map<String, Object> values,
      List<Map<String, Object>> others,
      List<ExplainedColumn> columns,
      Function<List<Map<String, Object>>, double[]> score,
      long seed) {
    double own = score.apply(List.of(values))[0];
    double sign = own >= 0.5 ? 1 : -1; // of the answered label
    int size = columns.size();
    if (method.sampler == null) {
      return oneAtATime(method, values, others, columns, score, seed, own, sign);
    }
    List<Walk> walks = method.sampler.walks(size, others.size(), method.draws, seed);
    List<Map<String, Object>> changed = new ArrayList<>();
    double[] contributions = new double[size];
    for (Walk walk : walks) {
      Map<String, Object> row = new HashMap<>(values);
      for (int c : walk.order()) {
        replace(row, others.get(walk.row()), columns.get(c));
        changed.add(new HashMap<>(row));
      }
    }
    double[] scores = score.apply(changed);
    for (int w = 0; w < walks.size(); w++) {
      double before = own;
      for (int s = 0; s < size; s++) {
        double after = scores[w * size + s];
        contributions[walks.get(w).order()[s]] += sign * (before - after) / walks.size();
        before = after;
      }
    }
    int variants = new RowVariants(language, values, others, columns, walks).prompts().size();
    return new Found(contributions, variants);
  }

  private static Found oneAtATime(
      Method method,
      Map<String, Object> values,
      List<Map<String, Object>> others,
      List<ExplainedColumn> columns,
      Function<List<Map<String, Object>>, double[]> score,
      long seed,
      double own,
      double sign) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Map<String, Object>> changed = new ArrayList<>();
    for (ExplainedColumn column : columns) {
      for (int d = 0; d < method.draws; d++) {
        Map<String, Object> row = new HashMap<>(values);
        replace(row, others.get(random.nextInt(others.size())), column);
        changed.add(row);
      }
    }
    double[] scores = score.apply(changed);
    double[] contributions = new double[columns.size()];
    for (int i = 0; i < scores.length; i++) {
      contributions[i / method.draws] += sign * (own - scores[i]) / method.draws;
    }
    return new Found(contributions, scores.length);
  }

  private static void replace(
      Map<String, Object> row, Map<String, Object> other, ExplainedColumn column) {
    column.columns().forEach(part -> row.put(part.name(), other.get(part.name())));
  }

  private static List<Walk> plain(int columns, int rows, int draws, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, draws)
        .mapToObj(d -> Walks.draw(columns, rows, 1, random.nextLong()).get(0))
        .toList();
  }

  private static List<String> order(List<ExplainedColumn> columns, double[] contributions) {
    return IntStream.range(0, contributions.length)
        .boxed()
        .sorted(Comparator.comparingDouble(c -> -Math.abs(contributions[c])))
        .map(c -> columns.get(c).field())
        .toList();
  }

  private static Applicant applicant(Map<String, Object> values) {
    ToDoubleFunction<String> number =
        column -> Double.parseDouble(values.get(column).toString().replaceAll("[a-z ]", ""));
    return new Applicant(
        number.applyAsDouble("salary"),
        number.applyAsDouble("commission"),
        (int) Math.round(number.applyAsDouble("age")),
        (int) Math.round(number.applyAsDouble("elevel")),
        (int) number.applyAsDouble("car"),
        (int) number.applyAsDouble("zipcode"),
        number.applyAsDouble("hvalue"),
        (int) Math.round(number.applyAsDouble("hyears")),
        number.applyAsDouble("loan"));
  }
}
