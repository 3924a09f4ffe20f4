package io.lift.core.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TemperatureTest {
  @Test
  void ofTwoLabelsItIsTheRatioOfTheLogits() {
    List<Temperature.Row> rows = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      rows.add(Temperature.Row.of(new double[] {0.95, 0.05}, i % 5 == 0 ? 1 : 0));
    }

    // 95 % were said, 80 % are right: logit(0.95) / logit(0.8)
    assertThat(Temperature.fit(rows)).isCloseTo(2.124, within(0.005));
  }

  @Test
  void itIsTheOneThatBruteForceFinds() {
    Random random = new Random(3);
    for (double truth : new double[] {0.5, 1, 1.7, 3}) {
      List<Temperature.Row> rows = new ArrayList<>();
      List<double[]> said = new ArrayList<>();
      List<Integer> labels = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        double[] p = normalised(random.nextGaussian(), random.nextGaussian(), 0.3, -1);
        int label = draw(power(p, 1 / truth), random);
        said.add(p);
        labels.add(label);
        rows.add(Temperature.Row.of(p, label));
      }

      assertThat(Temperature.fit(rows)).isCloseTo(bruteForce(said, labels), within(0.01));
    }
  }

  private static double bruteForce(List<double[]> said, List<Integer> labels) {
    double best = 1;
    double least = Double.POSITIVE_INFINITY;
    for (double t = Temperature.MIN; t <= Temperature.MAX; t += 0.002) {
      double loss = Math.log(t) * Math.log(t) / (2 * 0.25);
      for (int i = 0; i < said.size(); i++) {
        loss -= Math.log(power(said.get(i), 1 / t)[labels.get(i)]);
      }
      best = loss < least ? t : best;
      least = Math.min(loss, least);
    }
    return best;
  }

  @Test
  void fewRowsHardlyMoveItAndNoneLeaveIt() {
    List<Temperature.Row> wrong =
        Collections.nCopies(3, Temperature.Row.of(new double[] {0.9, 0.1}, 1));

    assertThat(Temperature.fit(List.of())).isEqualTo(1);
    assertThat(Temperature.fit(wrong)).isBetween(1.2, 2.5);
    assertThat(Temperature.fit(Collections.nCopies(300, wrong.get(0))))
        .isCloseTo(Temperature.MAX, within(0.01));
  }

  @Test
  void withoutAPriorItUndoesAllOfWhatMadeTheProbabilitiesTooSure() {
    Random random = new Random(4);
    List<Temperature.Row> rows = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      double p = 0.1 + 0.8 * random.nextDouble();
      double[] twiceAsSure = Temperature.applied(new double[] {p, 1 - p}, 0.5);
      rows.add(Temperature.Row.of(twiceAsSure, random.nextDouble() < p ? 0 : 1));
    }

    double found = Temperature.fit(rows, 0.5, Double.POSITIVE_INFINITY);
    assertThat(found).isCloseTo(2, within(0.2)).isGreaterThan(Temperature.fit(rows, 0.5, 0.01));
    assertThat(Temperature.fit(rows, 3, Double.POSITIVE_INFINITY)).isCloseTo(3, within(0.01));
    assertThat(Temperature.fit(List.of(), 0.5, Double.POSITIVE_INFINITY)).isEqualTo(1);
  }

  @Test
  void appliedProbabilitiesAddUpToOneAndKeepTheirOrder() {
    double[] applied = Temperature.applied(new double[] {0.7, 0.2, 0.1}, 2);

    double[] roots = {Math.sqrt(0.7), Math.sqrt(0.2), Math.sqrt(0.1)};
    double sum = roots[0] + roots[1] + roots[2];
    for (int c = 0; c < roots.length; c++) {
      assertThat(applied[c]).isCloseTo(roots[c] / sum, within(1e-12));
    }
  }

  @Test
  void aProbabilityOfZeroIsNoInfinity() {
    Temperature.Row row = Temperature.Row.of(new double[] {1, 0, 0}, 2);

    assertThat(Temperature.fit(List.of(row))).isBetween(Temperature.MIN, Temperature.MAX);
  }

  private static int draw(double[] p, Random random) {
    double left = random.nextDouble();
    int label = 0;
    while (label < p.length - 1 && left >= p[label]) {
      left -= p[label++];
    }
    return label;
  }

  private static double[] normalised(double... logits) {
    double[] p = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += p[i] = Math.exp(2 * logits[i]);
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  private static double[] power(double[] p, double exponent) {
    double[] q = new double[p.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += q[i] = Math.pow(p[i], exponent);
    }
    for (int i = 0; i < p.length; i++) {
      q[i] /= sum;
    }
    return q;
  }
}
