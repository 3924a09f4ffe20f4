package io.lift.bench;

import io.lift.cli.demo.AgrawalGenerator;
import io.lift.cli.demo.AgrawalGenerator.LoanRow;
import io.lift.cli.demo.LoanTask;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejected;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import java.util.List;
import java.util.stream.IntStream;

/** Loan rows as training examples. */
final class LoanExamples {
  private static final int FUNCTION = 1;

  private final TaskSpec task = LoanTask.infer("loans", List.of(FUNCTION));
  private final TaskLanguage language = new TaskLanguage(task);
  private final RowParser parser = new RowParser(task);
  private final JsonRows json = new JsonRows(task);
  private final AgrawalGenerator generator = new AgrawalGenerator(1, 0.05);

  TaskLanguage language() {
    return language;
  }

  List<Example> examples(int count) {
    return IntStream.range(0, count).mapToObj(n -> example(generator.next(FUNCTION))).toList();
  }

  private Example example(LoanRow loan) {
    try {
      Row row = parser.parse(json.write(LoanTask.columns(loan)));
      return new Example(language.prompt(row), language.completion(row.target()));
    } catch (RowRejected e) {
      throw new IllegalStateException(e);
    }
  }
}
