package io.lift.bench.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.cli.base.CliException;
import io.lift.cli.eval.AnsweredRow;
import io.lift.cli.term.Terminal;
import io.lift.core.answer.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaperRunTest {
  @TempDir private Path out;

  private final List<Cell> cells =
      IntStream.range(0, 4)
          .mapToObj(run -> new Cell("moons", run, Experiment.LIFT, List.of(), List.of()))
          .toList();

  @Test
  void asManyCellsRunAtOnceAsThereAreStacks() throws InterruptedException {
    CyclicBarrier both = new CyclicBarrier(2);
    PaperMethod together =
        (cell, data) -> {
          try {
            both.await(30, TimeUnit.SECONDS);
          } catch (BrokenBarrierException | TimeoutException e) {
            throw new CliException("nobody else came");
          }
          return result(cell, data);
        };

    CellFiles files = new CellFiles(out, "model");
    PaperRun run = run(files, together, together);
    run.run(cells, () -> {});

    assertThat(run.failures()).isEmpty();
    assertThat(cells).allMatch(files::has);
  }

  @Test
  void aCellThatFailsStopsNoOtherAndItsReasonIsKept() throws InterruptedException {
    PaperMethod method =
        (cell, data) -> {
          if (cell.run() == 0) {
            throw new CliException("the stack is gone");
          }
          if (cell.run() == 1) {
            throw new StackOverflowError();
          }
          return result(cell, data);
        };

    CellFiles files = new CellFiles(out, "model");
    PaperRun run = run(files, method);
    run.run(cells, () -> {});

    assertThat(run.failures())
        .containsOnlyKeys(cells.get(0), cells.get(1))
        .containsEntry(cells.get(0), "the stack is gone");
    assertThat(cells.subList(2, 4)).allMatch(files::has);
  }

  @Test
  void cellsThatDifferInTheirTestRowsAloneAreLearnedOnce() throws InterruptedException {
    Cell plain = cells.get(0);
    Cell grid = new Cell("moons", 0, Experiment.LIFT, List.of("grid 3"), List.of());
    Cell noisy = new Cell("moons", 0, Experiment.LIFT, List.of("noise 0.5"), List.of());
    Cell corrupt = new Cell("moons", 0, Experiment.LIFT, List.of("corrupt 0.1"), List.of());
    List<Cell> learned = new CopyOnWriteArrayList<>();
    PaperMethod method =
        (cell, data) -> {
          learned.add(cell);
          return result(cell, data);
        };

    CellFiles files = new CellFiles(out, "model");
    run(files, method).run(List.of(plain, grid, corrupt, noisy), () -> {});

    assertThat(learned).containsExactly(plain, corrupt);
    assertThat(x1(files, plain)).isEqualTo(x1(plain)).hasSize(400);
    assertThat(x1(files, grid)).isEqualTo(x1(grid)).hasSize(9);
    assertThat(x1(files, noisy)).isEqualTo(x1(noisy)).hasSize(400).isNotEqualTo(x1(plain));
  }

  private List<String> x1(CellFiles files, Cell cell) {
    return files.read(cell).orElseThrow().answers().stream().map(AnsweredRow::truth).toList();
  }

  private List<String> x1(Cell cell) {
    return cell.data(new Sets(out)).test().stream().map(row -> row.get("x1")).toList();
  }

  private PaperRun run(CellFiles files, PaperMethod... lifts) {
    return new PaperRun(new Sets(out), files, List.of(lifts), Terminal.stdout());
  }

  /** Answers each row with its first coordinate in the place of the truth. */
  private static CellResult result(Cell cell, SetData data) {
    return new CellResult(
        cell,
        "model",
        data.type(),
        data.labels(),
        data.train().size(),
        "",
        0,
        null,
        data.test().stream()
            .map(row -> new AnsweredRow(row.get("x1"), Answer.ofLabels("0", Map.of("0", 1.0))))
            .toList());
  }
}
