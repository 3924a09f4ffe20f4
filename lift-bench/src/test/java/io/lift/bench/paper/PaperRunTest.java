package io.lift.bench.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.cli.CliError;
import io.lift.cli.term.Terminal;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
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
    Method together =
        (cell, data) -> {
          try {
            both.await(30, TimeUnit.SECONDS);
          } catch (BrokenBarrierException | TimeoutException e) {
            throw new CliError("nobody else came");
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
    Method method =
        (cell, data) -> {
          if (cell.run() == 0) {
            throw new CliError("the stack is gone");
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

  private PaperRun run(CellFiles files, Method... lifts) {
    return new PaperRun(new Sets(out), files, List.of(lifts), Terminal.stdout());
  }

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
        Collections.emptyList());
  }
}
