package io.lift.cli.demo;

import io.lift.cli.demo.AgrawalGenerator.Applicant;
import io.lift.cli.demo.AgrawalGenerator.LoanRow;
import io.lift.core.table.TaskInference;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loan applications as a table with named columns, and the task made from a sample of it. */
public final class LoanTask {
  static final String NAME = "loans";

  /** The column to predict. */
  public static final String TARGET = "group";

  private static final int SAMPLE = 500;
  private static final int WINDOW = 1_000;
  private static final int ROUND_ROWS = 100;

  /** The first round need not be perfect: it should be over before the newcomer looks away. */
  private static final int MOST_STEPS = 300;

  private LoanTask() {}

  /** The row as CSV would hold it; the codes of car and zipcode are words. */
  public static Map<String, String> columns(LoanRow row) {
    Applicant applicant = row.applicant();
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("salary", "" + Math.round(applicant.salary()));
    columns.put("commission", "" + Math.round(applicant.commission()));
    columns.put("age", "" + applicant.age());
    columns.put("elevel", "" + applicant.elevel());
    columns.put("car", "make " + applicant.car());
    columns.put("zipcode", "zip " + applicant.zipcode());
    columns.put("hvalue", "" + Math.round(applicant.hvalue()));
    columns.put("hyears", "" + applicant.hyears());
    columns.put("loan", "" + Math.round(applicant.loan()));
    columns.put(TARGET, row.group());
    return columns;
  }

  /** The task, inferred from rows that the stream does not contain. */
  static TaskSpec infer(List<Integer> functions) {
    return infer(NAME, functions);
  }

  /** The same under another name. */
  public static TaskSpec infer(String name, List<Integer> functions) {
    TaskInference inference = new TaskInference();
    AgrawalGenerator generator = new AgrawalGenerator(-1, 0);
    for (int i = 0; i < SAMPLE; i++) {
      inference.add(columns(generator.next(functions.get(i % functions.size()))));
    }
    TaskSpec task = inference.infer(name, TARGET, TaskType.CLASSIFICATION).task();
    return new TaskSpec(
        task.name(),
        task.version(),
        task.type(),
        task.features(),
        task.target(),
        TemplateSpec.named(),
        NumberFormat.grid(),
        List.of(),
        BeforeFirstCheckpoint.BASE,
        TrainingPolicy.builder()
            .window(WINDOW)
            .firstRound(ROUND_ROWS)
            .roundRows(ROUND_ROWS)
            .maxSteps(MOST_STEPS)
            .build());
  }
}
