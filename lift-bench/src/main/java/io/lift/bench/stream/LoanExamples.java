package io.lift.bench.stream;

import io.lift.cli.demo.AgrawalGenerator;
import io.lift.cli.demo.LoanTask;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import java.util.List;
import java.util.stream.IntStream;

/** An endless stream of loan rows of one task: as JSON, and as the model reads them. */
public final class LoanExamples {
  private static final int FUNCTION = 1;
  private static final double PERTURBATION = 0.05;

  private final TaskSpec task;
  private final TaskLanguage language;
  private final RowParser parser;
  private final JsonRows json;
  private final AgrawalGenerator generator = new AgrawalGenerator(1, PERTURBATION);

  public LoanExamples(String name) {
    task = LoanTask.infer(name, List.of(FUNCTION));
    language = new TaskLanguage(task);
    parser = new RowParser(task);
    json = new JsonRows(task);
  }

  public TaskSpec task() {
    return task;
  }

  public TaskLanguage language() {
    return language;
  }

  /** The next row, with its target. */
  public byte[] row() {
    return json.write(LoanTask.columns(generator.next(FUNCTION)));
  }

  /** The next row as an example. */
  public Example example() {
    try {
      Row row = parser.parse(row());
      return new Example(language.prompt(row), language.completion(row.target()));
    } catch (RowRejectedException e) {
      throw new IllegalStateException(e);
    }
  }

  public List<Example> examples(int count) {
    return IntStream.range(0, count).mapToObj(n -> example()).toList();
  }
}
