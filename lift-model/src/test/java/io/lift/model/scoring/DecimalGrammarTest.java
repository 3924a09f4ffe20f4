package io.lift.model.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.model.scoring.NumberDistribution.Cell;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalGrammarTest {
  private static final DecimalGrammar TWO = new DecimalGrammar(2, 3);
  private static final DecimalGrammar WHOLE = new DecimalGrammar(0, 2);

  @Test
  void everyNumberIsANumberAndEveryBeginningOfItBeginsOne() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      double value = (random.nextDouble() - 0.5) * Math.pow(10, 1 + random.nextInt(3));
      String text = String.format(Locale.ROOT, "%.2f", value);
      assertThat(TWO.isComplete(text)).as(text).isTrue();
      assertThat(TWO.canContinue(text)).isFalse();
      for (int end = 0; end < text.length(); end++) {
        String beginning = text.substring(0, end);
        assertThat(TWO.isPrefix(beginning)).as(beginning).isTrue();
        assertThat(TWO.isComplete(beginning)).isFalse();
        DecimalGrammar.Range range = TWO.range(beginning);
        assertThat(Double.parseDouble(text)).isBetween(range.lower(), range.upper());
      }
    }
  }

  @Test
  void otherTextsBeginNoNumber() {
    for (String text : List.of("--", ".5", "01", "1..", "1.234", "1234", "1e", "+1", "-.")) {
      assertThat(TWO.isPrefix(text)).as(text).isFalse();
    }
    assertThat(WHOLE.isPrefix("1.")).isFalse();
    assertThat(WHOLE.isComplete("12")).isTrue();
    assertThat(WHOLE.canContinue("1")).isTrue();
    assertThat(WHOLE.canContinue("12")).isFalse();
    assertThat(WHOLE.canContinue("0")).isFalse();
  }

  @Test
  void aRangeHoldsTheNumbersThatBeginSoAndNoOthers() {
    range(TWO, "1.2", 1.195, 1.295);
    range(TWO, "-1.2", -1.295, -1.195);
    range(TWO, "1.", 0.995, 1.995);
    range(TWO, "1", 0.995, 199.995);
    range(TWO, "0", -0.005, 0.995);
    range(TWO, "-", -999.995, 0.005);
    range(TWO, "", -999.995, 999.995);
    range(WHOLE, "1", 0.5, 19.5);
    range(WHOLE, "12", 11.5, 12.5);
  }

  @Test
  void theGrammarOfARangeReachesAsFarBeyondItAsItIsWide() {
    assertThat(DecimalGrammar.of(2, 0, 60)).isEqualTo(new DecimalGrammar(2, 3));
    assertThat(DecimalGrammar.of(4, 0, 0.5)).isEqualTo(new DecimalGrammar(4, 1));
  }

  @Test
  void aDistributionKnowsItsMeanAndQuantiles() {
    NumberDistribution numbers =
        new NumberDistribution(
            List.of(new Cell(0, 1, 0.5), new Cell(3, 5, 0.25), new Cell(4, 6, 0.25)), 0);

    assertThat(numbers.mean()).isCloseTo(0.25 + 1 + 1.25, within(1e-12));
    assertThat(numbers.quantile(0.25)).isCloseTo(0.5, within(1e-12));
    assertThat(numbers.median()).isBetween(1.0, 3.0);
    assertThat(numbers.quantile(0.625)).isCloseTo(4, within(1e-12));
    assertThat(numbers.quantile(0.875)).isCloseTo(5, within(1e-12));
    assertThat(numbers.below(4.5)).isCloseTo(0.5 + 0.1875 + 0.0625, within(1e-12));
    assertThat(numbers.quantile(1)).isCloseTo(6, within(1e-12));
  }

  private static void range(DecimalGrammar grammar, String text, double lower, double upper) {
    assertThat(grammar.range(text).lower()).as(text).isCloseTo(lower, within(1e-9));
    assertThat(grammar.range(text).upper()).as(text).isCloseTo(upper, within(1e-9));
  }
}
