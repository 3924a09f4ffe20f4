package io.lift.bench.pretrain;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Changes a column so that the order of its values stays, or nearly. */
final class Warp {
  private Warp() {}

  /** In place. */
  static void column(double[] values, Draws draws) {
    double low = Arrays.stream(values).min().orElse(0);
    double high = Arrays.stream(values).max().orElse(0);
    DoubleUnaryOperator warp = draw(low, high, draws);
    for (int r = 0; r < values.length; r++) {
      values[r] = warp.applyAsDouble(values[r]);
    }
  }

  private static DoubleUnaryOperator draw(double low, double high, Draws draws) {
    double strength = draws.scale(0.4, 2.5);
    double from = low;
    double range = Math.max(1e-9, high - low);
    return switch (draws.integer(0, 5)) {
      case 0 -> x -> StrictMath.exp(2 * strength * (x - from) / range);
      case 1 -> x -> Math.signum(x) * StrictMath.pow(Math.abs(x), strength);
      case 2 -> x -> -StrictMath.log(0.02 + (x - from) / range);
      case 3 -> {
        double cut = from + range * draws.uniform(0.2, 0.8);
        yield x -> x > cut ? 1 : 0;
      }
      case 4 -> {
        // much of the column is one value, as counts of rare things are
        double cut = from + range * draws.uniform(0.3, 0.7);
        yield x -> Math.max(0, x - cut);
      }
      default -> {
        int steps = draws.integer(2, 10);
        yield x -> Math.floor(steps * (x - from) / range);
      }
    };
  }
}
