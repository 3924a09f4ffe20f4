package io.lift.bench.paper;

import io.lift.bench.baseline.Baseline;
import io.lift.bench.baseline.Baselines;
import io.lift.bench.baseline.Fitted;
import io.lift.cli.eval.AnsweredRow;
import io.lift.core.answer.Answer;
import io.lift.core.task.TaskType;
import java.util.ArrayList;
import java.util.List;

/** A baseline, in this process. */
final class BaselineMethod implements PaperMethod {

  @Override
  public CellResult run(Cell cell, SetData data) {
    boolean classes = data.type() == TaskType.CLASSIFICATION;
    Baseline baseline = Baselines.named(cell.method(), classes);
    long started = System.nanoTime();
    Fitted fitted = new Fitted(baseline, data.target(), data.labels(), data.train(), data.valid());
    List<Answer> answers = fitted.answer(data.test());
    double seconds = (System.nanoTime() - started) / 1e9;
    List<AnsweredRow> rows = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      rows.add(new AnsweredRow(data.test().get(i).get(data.target()), answers.get(i)));
    }
    return new CellResult(
        cell,
        null,
        data.type(),
        data.labels(),
        data.train().size(),
        fitted.settings(),
        seconds,
        null,
        rows);
  }
}
