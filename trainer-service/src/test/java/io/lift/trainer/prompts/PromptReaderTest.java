package io.lift.trainer.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.RejectReason;
import io.lift.core.task.Column;
import io.lift.core.task.Extrapolation;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.messages.DeadLetters;
import io.lift.messages.HeaderValues;
import io.lift.messages.PromptMessage;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class PromptReaderTest {
  private static final TaskLanguage SALES = sales();

  @Test
  void aLabelThatCameApartFromItsRowIsLearnedWithoutTheRowsLinearPart() throws Exception {
    // 403 is 3 above the linear part of 400, on a grid from -11 to 11
    Example joined = PromptReader.example(message("403", new Extrapolation.Point(400, 0)), SALES);
    Example whole = PromptReader.example(message("3", null), SALES);

    assertThat(joined.completion()).isEqualTo(SALES.completion(3.0)).isNotEqualTo("99@@@");
    assertThat(whole.completion()).isEqualTo("99@@@"); // as the serializer wrote it
  }

  @Test
  void aLinearPartWithoutANumberIsRejectedWithASentence() {
    assertThatThrownBy(
            () -> PromptReader.example(message("many", new Extrapolation.Point(1, 0)), SALES))
        .isInstanceOf(PromptRejectedException.class)
        .hasMessageContaining("label: must be a number");
  }

  @Test
  void aPromptOfWhichTheBeginningWasReadIsTooLarge() {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("lift.prompts", 0, 0, HeaderValues.bytes("t"), new byte[10]);
    HeaderValues.add(record.headers(), DeadLetters.READ_SIZE, "40000000");

    assertThatExceptionOfType(PromptRejectedException.class)
        .isThrownBy(() -> PromptReader.read(record, 1))
        .withMessageContaining("40000000")
        .matches(e -> e.reason() == RejectReason.TOO_LARGE);
  }

  private static PromptMessage message(String label, Extrapolation.Point point) {
    return new PromptMessage(
        "sales", 1, "r", "x1=50, What is y? ###", new int[0], "99@@@", label, null, true, point);
  }

  private static TaskLanguage sales() {
    NumberStats time = new NumberStats(100, 50, 30, 0, 100, 0);
    NumberStats target = new NumberStats(100, 200, 60, 100, 300, 2);
    Extrapolation trend =
        new Extrapolation(
            100,
            List.of(new Extrapolation.Term("t", 2, 0.1)),
            new Extrapolation.Residual(0, 5, -10, 10));
    TaskSpec task =
        new TaskSpec(
            "sales",
            1,
            TaskType.REGRESSION,
            List.of(Column.number("t", time)),
            Column.number("sold", target),
            null,
            null,
            null,
            null,
            null);
    return new TaskLanguage(task.toBuilder().extrapolation(trend).build());
  }
}
