package io.lift.bench.scale;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The scaling rules on a day of traffic, beside fixed numbers of trainers. */
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    header = "Simulates a day under the KEDA rules: replicas, staleness, cost.")
public final class ScaleCommand implements Callable<Integer> {

  @Option(
      names = "--traffic",
      description = "CSV: minute, then rows per second of each task (default: a day that ships).")
  private Path traffic;

  @Option(
      names = "--rules",
      description = "Folder of the ScaledObjects (default deploy/kubernetes/components/keda).")
  private Path rules;

  @Option(
      names = "--tokens-per-second",
      defaultValue = "35000",
      description = "Of one trainer, see lift bench trainer (default ${DEFAULT-VALUE}).")
  private double tokensPerSecond;

  @Option(
      names = "--row-tokens",
      defaultValue = "11",
      description = "Tokens of a row (default ${DEFAULT-VALUE}).")
  private int rowTokens;

  @Option(
      names = "--requests-per-second",
      defaultValue = "5800",
      description = "Of one inference replica, see lift bench inference (${DEFAULT-VALUE}).")
  private double requestsPerSecond;

  @Option(
      names = "--requests-per-row",
      defaultValue = "20",
      description = "Requests per training row (default ${DEFAULT-VALUE}).")
  private double requestsPerRow;

  @Option(
      names = "--start-seconds",
      defaultValue = "45",
      description = "From the request of a replica to its first work (default ${DEFAULT-VALUE}).")
  private int startSeconds;

  @Option(
      names = "--bound",
      defaultValue = "300",
      description = "Seconds that no row may wait for its checkpoint (default ${DEFAULT-VALUE}).")
  private int bound;

  @Option(names = "--html", description = "Where to write the plots.")
  private Path html;

  @Override
  public Integer call() throws IOException {
    Path folder =
        rules != null ? rules : Home.find().root().resolve("deploy/kubernetes/components/keda");
    ScalingRules trainers = ScalingRules.read(folder.resolve("trainer.yaml"));
    ScalingRules inference = ScalingRules.read(folder.resolve("inference.yaml"));
    Traffic day = traffic == null ? Traffic.shipped() : Traffic.read(traffic);
    Trainers.Model trainer = new Trainers.Model(tokensPerSecond, rowTokens, 100, 5, startSeconds);
    Inference.Model answers = new Inference.Model(requestsPerSecond, 30, startSeconds);

    StringBuilder table = new StringBuilder();
    table.append(
        "%-22s %13s %9s %9s %9s %15s %9s%n"
            .formatted(
                "trainers",
                "trainer hours",
                "p50, s",
                "p99, s",
                "worst, s",
                "inference hours",
                "expired"));
    Simulation ruled = null;
    for (int fixed : new int[] {0, 1, 4, trainers.max()}) {
      Simulation simulated =
          Simulation.run(
              day,
              trainer,
              answers,
              requestsPerRow,
              fixed == 0 ? trainers : fixed(trainers, fixed),
              inference);
      ruled = fixed == 0 ? simulated : ruled;
      table.append(line(fixed == 0 ? "by the rules" : "always " + fixed, simulated));
    }
    PrintStream out = System.out;
    out.print(table);
    boolean kept = ruled.worstStaleness() <= bound;
    String verdict =
        "By the rules no row waits longer than %.0f s for its checkpoint: the bound of %d s is %s."
            .formatted(ruled.worstStaleness(), bound, kept ? "kept" : "broken");
    out.println(verdict);
    if (html != null) {
      try {
        Files.writeString(html, ScalePage.of(ruled, table + verdict));
        out.println("Plots: " + Home.show(html));
      } catch (IOException e) {
        throw new CliException("Cannot write " + html + ".");
      }
    }
    return kept ? 0 : 1;
  }

  private static ScalingRules fixed(ScalingRules rules, int replicas) {
    return new ScalingRules(replicas, replicas, List.of(), rules.up(), rules.down());
  }

  private static String line(String name, Simulation day) {
    return "%-22s %13.1f %9.0f %9.0f %9.0f %15.1f %9.0f%n"
        .formatted(
            name,
            day.trainerHours(),
            day.stalenessQuantile(0.5),
            day.stalenessQuantile(0.99),
            day.worstStaleness(),
            day.inferenceHours(),
            day.expired());
  }
}
