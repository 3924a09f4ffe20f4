package io.lift.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowConditionTest {
  private static final Map<String, String> ROW =
      Map.of("op", "c", "amount", "9.50", "source.table", "loans", "at", "2026-11-29", "empty", "");

  @Test
  void numbersAreComparedAsNumbersAndTheRestAsText() {
    for (String held :
        List.of(
            "op!=d",
            "op = c",
            "amount=9.5",
            "amount<10",
            "amount<=9.50",
            "amount > 9",
            "amount>=-1e3",
            "source.table=loans",
            "at>=2026-11-01",
            "at<2026-12",
            "nowhere!=x",
            "nowhere=",
            "empty=")) {
      assertThat(RowCondition.parse(held).holds(ROW::get)).as(held).isTrue();
    }
    for (String failed :
        List.of("op=d", "op!=c", "amount>10", "amount!=9.500", "nowhere<1", "nowhere>1", "op=")) {
      assertThat(RowCondition.parse(failed).holds(ROW::get)).as(failed).isFalse();
    }
  }

  @Test
  void aConditionIsSaidAsItWasWritten() {
    assertThat(RowCondition.parse("a b <= c d")).hasToString("a b<=c d");
    assertThat(RowCondition.parse("a=b=c").value()).isEqualTo("b=c");
  }

  @Test
  void whatIsNoConditionIsRefused() {
    for (String text : List.of("", "op", "=d", "!=d", "<")) {
      assertThatThrownBy(() -> RowCondition.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("as in op!=d");
    }
  }
}
