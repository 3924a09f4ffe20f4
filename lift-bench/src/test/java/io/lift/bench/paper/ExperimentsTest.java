package io.lift.bench.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.bench.baseline.Baselines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExperimentsTest {
  private final List<Experiment> experiments = Experiments.all();

  @Test
  void everyMethodIsThere() {
    List<String> known = new ArrayList<>(Baselines.names());
    known.add(Experiment.LIFT);

    assertThat(experiments).isNotEmpty();
    for (Experiment experiment : experiments) {
      assertThat(experiment.methods()).isNotEmpty().isSubsetOf(known);
      assertThat(experiment.sets()).isNotEmpty().containsAll(experiment.quick());
      experiment.means().values().forEach(m -> assertThat(experiment.sets()).containsAll(m));
    }
    assertThat(experiments).extracting(Experiment::name).doesNotHaveDuplicates();
  }

  @Test
  void everyFigureOfThePaperHasItsPlace() {
    Map<String, Experiment> byName =
        experiments.stream().collect(Collectors.toMap(Experiment::name, Function.identity()));

    assertThat(new PaperFigures().all())
        .isNotEmpty()
        .allSatisfy(
            line -> {
              Experiment experiment = byName.get(line.experiment());
              assertThat(experiment).as(line.experiment()).isNotNull();
              assertThat(experiment.sets()).contains(line.set());
              assertThat(experiment.measures()).extracting(Measure::key).contains(line.measure());
              assertThat(experiment.variants()).extracting(Variant::name).contains(line.variant());
            });
  }

  @Test
  void waysOfLiftHaveCellsAndColumnsOfTheirOwn() {
    Experiment pretraining =
        experiments.stream().filter(e -> e.name().equals("pretraining")).findFirst().orElseThrow();
    Variant twenty = pretraining.variants().get(0);

    assertThat(pretraining.cells("tae", twenty, Experiment.LIFT).map(Cell::options).distinct())
        .containsExactly(
            List.of(), List.of("--no-pretrained"), List.of("--no-pretrained", "--two-stage"));
    assertThat(pretraining.cells("tae", twenty, "knn").distinct()).hasSize(pretraining.runs());
  }

  @Test
  void cellsHaveFilesOfTheirOwn() {
    List<Cell> cells = experiments.stream().flatMap(e -> e.cells().stream()).distinct().toList();

    assertThat(cells.stream().map(Cell::key).distinct().count()).isEqualTo(cells.size());
  }

  @Test
  void aQuickLookIsAFewDozenSmallCells() {
    List<Cell> lift =
        experiments.stream()
            .flatMap(e -> e.quickly().cells().stream())
            .filter(cell -> cell.method().equals(Experiment.LIFT))
            .distinct()
            .toList();

    assertThat(lift)
        .hasSizeLessThan(40)
        .allMatch(cell -> cell.changes().contains("few 100"))
        .allMatch(cell -> cell.options().contains("--max-steps 60"));
  }
}
