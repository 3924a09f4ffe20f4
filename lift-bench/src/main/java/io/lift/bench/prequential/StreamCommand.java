package io.lift.bench.prequential;

import io.lift.bench.baseline.Baselines;
import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Streams of a folder through Kafka, one after the other, each row predicted before it is learned.
 * The peer is XGBoost fitted anew every 100 rows on the newest 1,000, after each stream so that it
 * takes no time from the services.
 */
@Command(
    name = "stream",
    mixinStandardHelpOptions = true,
    header = "Accuracy on streams, each row predicted before it is learned, beside a window peer.",
    description = {
      "Each CSV file of the folder is a stream in order of time, whose last column is the label.",
      "A file " + StreamTable.PEERS + " beside them may have the accuracies of other learners."
    },
    footer = {
      "  lift bench stream --data streams --drift agrawal=2000/4000 --json streams.json",
    })
public final class StreamCommand implements Callable<Integer> {
  private static final String PEER = "xgboost";
  private static final String PEER_SETTING = "depth 6";

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The folder with the streams.")
  private Path data;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "These streams alone (default: all).")
  private List<String> only = List.of();

  @Option(
      names = "--rate",
      defaultValue = "100",
      paramLabel = "R",
      description = "Rows per second, whatever the trainer does (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--rows",
      defaultValue = "1000000",
      paramLabel = "N",
      description = "The first N rows of each stream (default: all).")
  private int rows;

  @Option(
      names = "--drift",
      split = ",",
      paramLabel = "NAME=ROW[/ROW]…",
      description = "Rows at which a known drift begins: how soon it recovers is measured.")
  private Map<String, String> drifts = Map.of();

  @Option(
      names = "--warm-up",
      defaultValue = "1000",
      paramLabel = "N",
      description =
          "Rows of a drawn table that are streamed first and not counted, so that the services have"
              + " started in full; 0 for none (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--no-peer", description = "Leave out the window peer.")
  private boolean noPeer;

  @Option(names = "--json", paramLabel = "OUT", description = "Write the figures as JSON too.")
  private Path json;

  @Override
  public Integer call() throws InterruptedException {
    if (rate <= 0 || rows < 1 || warmUp < 0) {
      throw new CliException("--rate and --rows must be above 0, and --warm-up not below it.");
    }
    List<StreamTable> streams =
        StreamTable.readAll(data, rows).stream()
            .filter(stream -> only.isEmpty() || only.contains(stream.name()))
            .toList();
    if (streams.isEmpty()) {
      throw new CliException("No stream of %s is named %s.", data, String.join(" or ", only));
    }
    PeerFigures figures = PeerFigures.read(data);
    Terminal terminal = Terminal.stdout();
    Home home = Home.find();
    StreamReport report = new StreamReport();
    try (Workspace workspace = Workspace.claim(home, "stream");
        Stack stack =
            Stack.start(
                home,
                new StackOptions(workspace.directory(), Optional.empty(), 1, false),
                terminal)) {
      StreamTrial trial = new StreamTrial(stack.kafka(), rate);
      warmUp(trial, terminal);
      for (StreamTable stream : streams) {
        StreamTrial.Result result;
        int count = stream.rows().size();
        try (ProgressBar bar = new ProgressBar(terminal, stream.name(), "answers", count)) {
          result = trial.run(stream, bar);
        }
        report.add(
            stream,
            result,
            noPeer ? null : peer().run(stream),
            figures.of(stream.name()),
            drifts(stream.name()));
        if (json != null) {
          report.write(json);
        }
      }
    }
    report.print(terminal);
    return 0;
  }

  private void warmUp(StreamTrial trial, Terminal terminal) throws InterruptedException {
    if (warmUp == 0) {
      return;
    }
    StreamTable table = SyntheticStreams.of(2, warmUp, 0).get(1);
    try (ProgressBar bar = new ProgressBar(terminal, "warm-up", "answers", warmUp)) {
      trial.run(table, bar);
    }
  }

  private static WindowPeer peer() {
    return new WindowPeer(Baselines.named(PEER, true).with(PEER_SETTING));
  }

  private List<Integer> drifts(String stream) {
    String written = drifts.getOrDefault(stream, "");
    try {
      return Arrays.stream(written.split("/"))
          .filter(row -> !row.isBlank())
          .map(Integer::valueOf)
          .sorted()
          .toList();
    } catch (NumberFormatException e) {
      throw new CliException(e, "--drift %s=%s is no list of rows.".formatted(stream, written));
    }
  }
}
