package io.lift.bench.pretrain;

import io.lift.model.incontext.TransformerShape;
import java.util.List;

final class Probe {
  public static void main(String[] a) {
    int steps = Integer.parseInt(a[0]);
    long t0 = System.nanoTime();
    double[] s = new double[6];
    long tables = 0;
    try (TransformerPretraining p =
        new TransformerPretraining(
            PretrainingState.initial(TransformerShape.STANDARD, 1),
            new PretrainingSchedule(1000000),
            "cpu",
            1)) {
      for (int i = 0; i < steps; i++) {
        List<TransformerTraining.Report> r = p.next();
        if (r == null) {
          System.out.println("skip");
          continue;
        }
        for (var x : r) {
          int o = x.regression() ? 3 : 0;
          double w = x.regression() ? 1 : 0.5;
          s[o] += w * x.loss();
          s[o + 1] += w * x.score();
          s[o + 2] += w * x.baseline();
        }
        int every = 20;
        if ((i + 1) % every == 0) {
          System.out.printf(
              "%d %.1fs tables %d  ce %.4f acc %.3f (%.3f)  pin %.4f mae %.3f (%.3f)%n",
              i + 1,
              (System.nanoTime() - t0) / 1e9,
              p.state().progress().tables(),
              s[0] / every,
              s[1] / every,
              s[2] / every,
              s[3] / every,
              s[4] / every,
              s[5] / every);
          s = new double[6];
        }
      }
    }
  }
}
