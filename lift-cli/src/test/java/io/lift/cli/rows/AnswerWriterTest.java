package io.lift.cli.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.answer.Answer;
import io.lift.core.task.TaskSpec;
import io.lift.messages.Explanation;
import io.lift.messages.Explanation.Contribution;
import io.lift.messages.Explanation.Replacement;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Checkpoint;
import io.lift.messages.PredictionMessage.Status;
import io.lift.testing.Loans;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerWriterTest {

  private static String written(
      AnswerWriter.Format format, TaskSpec task, boolean explained, PredictionMessage prediction)
      throws IOException {
    StringWriter out = new StringWriter();
    new AnswerWriter(format, out, task, explained).write(1, "r1", prediction);
    return out.toString();
  }

  private static PredictionMessage prediction(Answer answer, Explanation explanation) {
    return new PredictionMessage(
            "loans",
            "r1",
            Status.ANSWERED,
            answer,
            new Checkpoint(3, null, Map.of()),
            "hash",
            null,
            null,
            null)
        .explained(explanation);
  }

  private static Explanation explanation(Contribution... columns) {
    return new Explanation(
        List.of(columns), 0.5, Replacement.LABELLED_ROWS, 32, 60, 10.0, null, null);
  }

  private static final Answer YES = Answer.ofLabels("yes", Map.of("no", 0.25, "yes", 0.75));

  @Test
  void aCsvHasTheContributionsInOneColumnIfTheyWereAskedFor() throws IOException {
    Explanation explanation =
        explanation(
            new Contribution("age", 31L, 0.3147),
            new Contribution("car", "vw", -0.0649),
            new Contribution("zip", null, -0.0004));
    assertThat(
            written(
                AnswerWriter.Format.CSV,
                Loans.approvals("loans"),
                true,
                prediction(YES, explanation)))
        .isEqualTo(
            "row,id,status,answer,probability,checkpoint,contributions\n"
                + "1,r1,answered,yes,0.75,3,age +0.31; car -0.06; zip +0.00\n");
    assertThat(
            written(
                AnswerWriter.Format.CSV, Loans.approvals("loans"), false, prediction(YES, null)))
        .isEqualTo("row,id,status,answer,probability,checkpoint\n1,r1,answered,yes,0.75,3\n");
  }

  @Test
  void theContributionsToANumberHaveThreeDigits() throws IOException {
    Answer price = Answer.ofNumber(400.0, new Answer.Interval(300, 500, 0.9));
    Explanation explanation =
        explanation(
            new Contribution("rooms", 7L, 123456.7),
            new Contribution("age", 3L, -0.012345),
            new Contribution("zip", 1L, 0));
    assertThat(
            written(
                AnswerWriter.Format.CSV,
                Loans.prices("prices"),
                true,
                prediction(price, explanation)))
        .endsWith("rooms +123000; age -0.0123; zip +0\n");
  }

  @Test
  void anAnswerWithoutAnExplanationSaysWhy() throws IOException {
    PredictionMessage none = prediction(YES, Explanation.none("it was not made in time"));
    assertThat(written(AnswerWriter.Format.CSV, Loans.approvals("loans"), true, none))
        .endsWith(",it was not made in time\n");
  }

  @Test
  void jsonLinesHaveTheExplanationAsItIs() throws IOException {
    PredictionMessage explained =
        prediction(YES, explanation(new Contribution("age", 31L, 0.3147)));
    assertThat(written(AnswerWriter.Format.JSONL, Loans.approvals("loans"), true, explained))
        .contains(
            "\"explanation\":{\"columns\":[{\"column\":\"age\",\"value\":31,\"contribution\":0.3147}],"
                + "\"base\":0.5,\"replacement\":\"labelled-rows\"");
  }
}
