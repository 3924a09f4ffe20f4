package io.lift.core.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalsTest {

  @ParameterizedTest
  @CsvSource({
    "2.675, 2, 2.67", // the double is a little below
    "0.125, 2, 0.12", // a tie goes to the even digit
    "0.375, 2, 0.38",
    "1.005, 2, 1.00",
    "-0.001, 2, -0.00",
    "-0.0, 1, -0.0",
    "0.5, 0, 0",
    "1.5, 0, 2",
    "2.5, 0, 2",
    "999.995, 2, 1000.00",
    "123456789012345.68, 2, 123456789012345.69",
    "0.0039, 4, 0.0039",
    "1e-13, 12, 0.000000000000",
    "5e-324, 6, 0.000000"
  })
  void numbersAreWrittenAsPythonWritesThem(double value, int decimals, String expected) {
    assertThat(written(value, decimals)).isEqualTo(expected);
  }

  @Test
  void everyNumberIsItsExactValueRoundedHalfToEven() {
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      int decimals = random.nextInt(13);
      double value = random.nextGaussian() * Math.pow(10, random.nextInt(18) - 4);
      if (i % 2 == 0) {
        // near or on a tie of the last digit
        double unit = Math.pow(10, decimals);
        value = (Math.floor(random.nextDouble() * 1000) + 0.5) / unit;
      }
      if (Math.abs(value) < 1e15) {
        String exact =
            new BigDecimal(Math.abs(value))
                .setScale(decimals, RoundingMode.HALF_EVEN)
                .toPlainString();
        assertThat(written(value, decimals)).isEqualTo((value < 0 ? "-" : "") + exact);
      }
    }
  }

  @Test
  void hugeNumbersAreShort() {
    assertThat(written(1.2345e18, 2)).isEqualTo("1.235e+18");
    assertThat(written(-1e15, 0)).isEqualTo("-1.000e+15");
    assertThat(written(Double.MAX_VALUE, 12)).isEqualTo("1.798e+308");
  }

  private static String written(double value, int decimals) {
    StringBuilder out = new StringBuilder();
    Decimals.append(out, value, decimals);
    return out.toString();
  }
}
