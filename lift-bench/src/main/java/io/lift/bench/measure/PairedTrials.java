package io.lift.bench.measure;

import io.lift.cli.term.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Trials of ours and a peer's in turn, and the ratio trial by trial. */
public final class PairedTrials {
  private final String unit;
  private final String ours;
  private final String theirs;
  private final List<double[]> trials = new ArrayList<>();

  public PairedTrials(String unit, String ours, String theirs) {
    this.unit = unit;
    this.ours = ours;
    this.theirs = theirs;
  }

  public void add(double ours, double theirs) {
    trials.add(new double[] {ours, theirs});
  }

  /** Median of ours divided by theirs, trial by trial. */
  public double ratio() {
    return median(t -> t[0] / t[1]);
  }

  public double medianOfOurs() {
    return median(t -> t[0]);
  }

  public double medianOfPeer() {
    return median(t -> t[1]);
  }

  /** What was measured, e.g. {@code scored rows/s}. */
  public String unit() {
    return unit;
  }

  /** Every trial: ours, and the peer's. */
  public List<double[]> trials() {
    return List.copyOf(trials);
  }

  public void print(Terminal terminal) {
    terminal.out().printf("%-22s %12s %12s %12s%n", unit, "min", "median", "max");
    line(terminal, ours, t -> t[0], "%,12.0f");
    line(terminal, theirs, t -> t[1], "%,12.0f");
    line(terminal, "ratio", t -> t[0] / t[1], "%12.2f");
  }

  private void line(
      Terminal terminal, String name, ToDoubleFunction<double[]> figure, String format) {
    double[] sorted = trials.stream().mapToDouble(figure).sorted().toArray();
    terminal
        .out()
        .printf(
            "%-22s " + (format + " ").repeat(3).strip() + "%n",
            name,
            sorted[0],
            median(figure),
            sorted[sorted.length - 1]);
  }

  private double median(ToDoubleFunction<double[]> figure) {
    double[] sorted = trials.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
