package io.lift.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.core.answer.Answer;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TrainingPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Trains and tests on public tables, without Kafka: {@code RecipeExperiment FOLDER SET[,SET] RUNS},
 * e.g. {@code data iris,wine 012}. Prints accuracy or RAE, time and throughput of each.
 */
public final class RecipeExperiment {
  private static final Set<String> REGRESSION = Set.of("ccpp", "insurance", "servo", "student");

  private RecipeExperiment() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    if (!Files.isDirectory(folder)) {
      System.out.println("skipped: no data in " + folder);
      return;
    }
    try (BaseModel base = BaseModel.open(System.getProperty("base"), "cpu")) {
      for (String set : args[1].split(",")) {
        double sum = 0;
        String runs = REGRESSION.contains(set) ? "0" : args[2];
        for (char run : runs.toCharArray()) {
          sum += run(base, folder, set, run - '0');
        }
        System.out.printf("%s mean %.3f%n", set, sum / runs.length());
      }
    }
  }

  private static double run(BaseModel base, Path folder, String set, int run) throws Exception {
    boolean regression = REGRESSION.contains(set);
    List<String[]> train;
    List<String[]> test;
    List<String[]> valid;
    String[] header;
    if (regression) {
      train = read(folder.resolve("regression/" + set + ".train.csv"));
      test = read(folder.resolve("regression/" + set + ".test.csv"));
      header = train.remove(0);
      test.remove(0);
      valid = read(folder.resolve("regression/" + set + ".valid.csv"));
      valid.remove(0);
    } else {
      List<String[]> all = read(folder.resolve("classification/" + set + ".csv"));
      header = all.remove(0);
      JsonNode splits =
          new ObjectMapper()
              .readTree(folder.resolve("classification/splits.json").toFile())
              .get(set);
      Set<Integer> tested = indices(splits.get("test"));
      Set<Integer> held = indices(splits.get("valid").get(run));
      valid = held.stream().map(all::get).toList();
      held.addAll(tested);
      test = tested.stream().map(all::get).toList();
      train =
          IntStream.range(0, all.size()).filter(i -> !held.contains(i)).mapToObj(all::get).toList();
    }

    TaskLanguage language = new TaskLanguage(task(set, regression, header, train));
    List<Example> examples = train.stream().map(r -> example(language, r)).toList();
    List<Prompt> prompts = test.stream().map(r -> language.prompt(row(language, r))).toList();
    TrainingPolicy policy =
        TrainingPolicy.builder()
            .members(Integer.getInteger("members"))
            .budget(Double.valueOf(System.getProperty("budget", "4")))
            .seed((long) run)
            .build();
    RoundReport report;
    byte[] checkpoint;
    try (FineTuning tuning = FineTuning.start(base, language, policy)) {
      report = tuning.round(examples, List.of(), (s, n, loss) -> true);
      checkpoint = tuning.checkpoint();
    }
    List<Answer> answers;
    List<Answer> validAnswers;
    double rate;
    try (Scorer scorer = Scorer.of(base, language, checkpoint)) {
      long start = System.nanoTime();
      answers = scorer.score(prompts);
      validAnswers =
          scorer.score(valid.stream().map(r -> language.prompt(row(language, r))).toList());
      rate = prompts.size() / ((System.nanoTime() - start) / 1e9);
    }
    double score = regression ? rae(answers, test) : accuracy(answers, test);
    double held = regression ? rae(validAnswers, valid) : accuracy(validAnswers, valid);
    System.out.printf(
        "%s run %d: %.3f, valid %.3f  (%d rows, %d steps, %.1f s, %.0f steps/s, %.0f tokens/s, loss"
            + " %.3f, scored %.0f rows/s, checkpoint %d KB)%n",
        set,
        run,
        score,
        held,
        train.size(),
        report.steps(),
        report.seconds(),
        report.steps() / report.seconds(),
        report.tokens() / report.seconds(),
        report.loss(),
        rate,
        checkpoint.length / 1024);
    return score;
  }

  static double accuracy(List<Answer> answers, List<String[]> test) {
    int right = 0;
    for (int i = 0; i < test.size(); i++) {
      String[] r = test.get(i);
      right += answers.get(i).label().equals(r[r.length - 1]) ? 1 : 0;
    }
    return 100.0 * right / test.size();
  }

  static double rae(List<Answer> answers, List<String[]> test) {
    double[] truth = test.stream().mapToDouble(r -> Double.parseDouble(r[r.length - 1])).toArray();
    double mean = Arrays.stream(truth).average().orElse(0);
    double error = 0;
    double spread = 0;
    for (int i = 0; i < truth.length; i++) {
      error += Math.abs(answers.get(i).value() - truth[i]);
      spread += Math.abs(mean - truth[i]);
    }
    return error / spread;
  }

  static TaskSpec task(String name, boolean regression, String[] header, List<String[]> rows) {
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < header.length; c++) {
      boolean target = c == header.length - 1;
      columns.add(column(header[c], c, rows, target && !regression, target && regression));
    }
    int p = header.length - 1;
    return new TaskSpec(
        name,
        1,
        regression ? TaskType.REGRESSION : TaskType.CLASSIFICATION,
        columns.subList(0, p),
        columns.get(p),
        null,
        null,
        null,
        null,
        null);
  }

  private static Column column(
      String name, int c, List<String[]> rows, boolean category, boolean number) {
    List<String> values = rows.stream().map(r -> r[c]).filter(v -> !v.isEmpty()).toList();
    Set<String> distinct = new TreeSet<>(values);
    boolean numeric = values.stream().allMatch(v -> v.matches("[-+0-9.eE]+"));
    boolean integer = values.stream().allMatch(v -> v.matches("-?[0-9]+"));
    boolean codes = integer && distinct.size() <= Integer.getInteger("codes", 0);
    if (category || (!number && (!numeric || codes))) {
      return Column.category(name, List.copyOf(distinct));
    }
    double[] x = values.stream().mapToDouble(Double::parseDouble).toArray();
    double mean = Arrays.stream(x).average().orElse(0);
    double sd = Math.sqrt(Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElse(0));
    return Column.number(
        name,
        new NumberStats(
            x.length,
            mean,
            sd,
            Arrays.stream(x).min().orElse(0),
            Arrays.stream(x).max().orElse(0),
            integer ? 0 : 2));
  }

  private static Row row(TaskLanguage language, String[] fields) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int c = 0; c < fields.length - 1; c++) {
      Column column = language.task().features().get(c);
      if (!fields[c].isEmpty()) {
        values.put(
            column.name(),
            column.numbers() == null ? fields[c] : (Object) Double.parseDouble(fields[c]));
      }
    }
    return new Row(values, null);
  }

  private static Example example(TaskLanguage language, String[] fields) {
    String target = fields[fields.length - 1];
    boolean number = language.task().type() == TaskType.REGRESSION;
    return new Example(
        language.prompt(row(language, fields)),
        language.completion(number ? (Object) Double.parseDouble(target) : target));
  }

  private static Set<Integer> indices(JsonNode list) {
    Set<Integer> out = new TreeSet<>(Comparator.naturalOrder());
    list.forEach(n -> out.add(n.asInt()));
    return out;
  }

  private static List<String[]> read(Path file) throws Exception {
    return Files.readAllLines(file).stream()
        .map(line -> line.split(",", -1))
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
