package io.lift.bench.paper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lift.cli.eval.AnsweredRow;
import io.lift.core.answer.Answer;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.training.Preset;
import io.lift.model.training.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Baselines alone, so that no stack is needed; Lift's results are put where its cells would be. */
class PaperCommandTest {
  @TempDir private Path out;

  @Test
  void aStoppedCommandGoesOnWhereItWas() throws IOException {
    assertThat(run("--quick", "--only", "classification", "--methods", "knn", "tree")).isZero();
    Path kept = out.resolve("cells/moons/knn.few-100.0.json");
    Path lost = out.resolve("cells/moons/tree.few-100.0.json");
    FileTime written = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(kept, written);
    Files.delete(lost);

    assertThat(run("--quick", "--only", "classification", "--methods", "knn", "tree")).isZero();

    assertThat(Files.getLastModifiedTime(kept)).isEqualTo(written);
    assertThat(lost).exists();
  }

  @Test
  void thePageNeedsNothingButItselfAndSaysWhatIsMissing() throws IOException {
    liftAnswersAsTheTruthIs("--only", "classification");
    run("--quick", "--only", "classification", "--methods", "lift", "knn");

    assertThat(out.resolve("quick.html"))
        .content()
        .contains("Left out because their files are not here: ", " iris, ")
        .contains("moons, Lift: 100.0")
        .contains("LIFT/GPT-3")
        .contains("99.6 <span class=\"deviation\">± 0.4</span>") // GPT-J on moons
        .doesNotContainPattern(Pattern.compile("(src|href)=\"(?!#|data:)|url\\(|@import|<script"));
  }

  @Test
  void everyExperimentIsDrawnFromItsResults() throws IOException {
    liftAnswersAsTheTruthIs();

    assertThat(run("--quick", "--methods", "lift")).isZero();

    String page = Files.readString(out.resolve("quick.html"));
    assertThat(page).doesNotContain("Not run yet").doesNotContain("NaN").doesNotContain("Infinity");
    for (Experiment experiment : Experiments.all()) {
      if (page.contains("<section id=\"" + experiment.name() + "\"")) {
        String section = page.substring(page.indexOf("<section id=\"" + experiment.name() + "\""));
        assertThat(section.substring(0, section.indexOf("</section>"))).contains("<svg");
      }
    }
  }

  @Test
  void figuresCanBeReadByMachines() throws IOException {
    liftAnswersAsTheTruthIs("--only", "functions");
    run("--quick", "--only", "functions", "--methods", "lift");

    JsonNode report = new JsonMapper().readTree(out.resolve("quick.json").toFile());

    assertThat(report.get("measured").asInt()).isOne();
    List<JsonNode> figures = new ArrayList<>();
    for (JsonNode experiment : report.get("experiments")) {
      if (experiment.get("name").asText().equals("functions")) {
        experiment.get("figures").forEach(figures::add);
      }
    }
    assertThat(figures)
        .anySatisfy(
            figure -> {
              assertThat(figure.get("source").asText()).isEqualTo("lift");
              assertThat(figure.get("set").asText()).isEqualTo("linear-1");
              assertThat(figure.get("mean").asDouble()).isZero();
            })
        .anySatisfy(
            figure -> {
              assertThat(figure.get("method").asText()).isEqualTo("LIFT/GPT-3");
              assertThat(figure.get("mean").asDouble()).isEqualTo(0.064);
            });
  }

  @Test
  void whatAnotherModelAnsweredIsNoResult() throws IOException {
    TrainingRecipe recipe = TrainingRecipe.of(Preset.EMBEDDED, TrainingPolicy.defaults());
    TrainingRecipe other =
        TrainingRecipe.of(Preset.EMBEDDED, TrainingPolicy.builder().epochs(5.0).build());
    String print = LiftPrint.of("base", "reader", recipe);
    assertThat(print)
        .isEqualTo(LiftPrint.of("base", "reader", recipe))
        .isNotEqualTo(LiftPrint.of("other", "reader", recipe))
        .isNotEqualTo(LiftPrint.of("base", "other", recipe))
        .isNotEqualTo(LiftPrint.of("base", "reader", other));

    liftAnswersAsTheTruthIs(print, new String[] {"--only", "functions"});
    assertThat(run("--quick", "--only", "functions", "--methods", "knn")).isZero();
    assertThat(run("--quick", "--only", "functions", "--methods", "lift", "--report")).isOne();
    assertThat(measured()).isOne(); // the baseline, which is the same beside any model

    liftAnswersAsTheTruthIs("--only", "functions");
    assertThat(run("--quick", "--only", "functions", "--methods", "lift", "--report")).isZero();
    assertThat(measured()).isEqualTo(2);
  }

  private int measured() throws IOException {
    return new JsonMapper().readTree(out.resolve("quick.json").toFile()).get("measured").asInt();
  }

  @Test
  void anUnknownExperimentIsNamed() {
    assertThat(run("--only", "alchemy")).isNotZero();
  }

  /** Writes a perfect result for each of Lift's quick cells that can be had without files. */
  private void liftAnswersAsTheTruthIs(String... only) throws IOException {
    liftAnswersAsTheTruthIs(LiftPrint.own(Map.of()), only);
  }

  private void liftAnswersAsTheTruthIs(String model, String[] only) throws IOException {
    Sets sets = new Sets(out);
    CellFiles files = new CellFiles(out, model);
    for (Experiment experiment : Experiments.all()) {
      for (Cell cell : experiment.quickly().cells()) {
        boolean wanted = only.length == 0 || experiment.name().equals(only[1]);
        if (wanted && cell.method().equals(Experiment.LIFT) && sets.has(cell.set())) {
          SetData data = cell.data(sets);
          List<AnsweredRow> answers =
              data.test().stream().map(row -> perfect(data, row.get(data.target()))).toList();
          files.write(
              new CellResult(
                  cell,
                  model,
                  data.type(),
                  data.labels(),
                  data.train().size(),
                  "none",
                  1,
                  null,
                  answers));
        }
      }
    }
  }

  private static AnsweredRow perfect(SetData data, String truth) {
    return new AnsweredRow(
        truth,
        data.labels().isEmpty()
            ? Answer.ofNumber(Double.parseDouble(truth), null)
            : Answer.ofLabels(truth, Map.of(truth, 1.0)));
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", out.toString(), "--out", out.toString()));
    return new CommandLine(new PaperCommand()).execute(all.toArray(String[]::new));
  }
}
