package io.lift.cli.inspect;

import io.lift.cli.base.CliException;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.term.Terminal;
import io.lift.cli.term.TextTable;
import io.lift.core.metrics.MetricNames;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.RequiredAcl;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.MetricsMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift lineage}. */
@Command(
    name = "lineage",
    header = "Show the checkpoints of a task: parents, rows, metrics.",
    description =
        "Offsets are those of lift.prompts that entered with the version, as partition:from-to;"
            + " SCORED and METRIC are of the rows that the version answered.",
    footer = {"  lift lineage loans", "  lift lineage loans --limit 100"})
public final class LineageCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Mixin private ConnectionOptions connection;

  @Parameters(paramLabel = "NAME", description = "The task.")
  private String name;

  @Option(
      names = "--limit",
      defaultValue = "20",
      paramLabel = "N",
      description = "The newest N versions (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  public Integer call() throws InterruptedException {
    ConnectionSettings kafka = connection.settings();
    KafkaAccess.open(
        kafka.client(),
        List.of(
            kafka.topics().checkpoints(),
            kafka.topics().checkpointsLog(),
            kafka.topics().metrics()),
        List.of(
            RequiredAcl.read(kafka.topics().checkpoints()),
            RequiredAcl.read(kafka.topics().checkpointsLog()),
            RequiredAcl.read(kafka.topics().metrics())));
    NavigableMap<Long, CheckpointManifest> versions = new TreeMap<>();
    try (CompactedTable<CheckpointManifest> log =
            new CompactedTable<>(
                kafka.topics().checkpointsLog(),
                kafka.client(),
                (task, made) -> add(versions, task, made));
        CompactedTable<CheckpointManifest> current =
            new CompactedTable<>(kafka.topics().checkpoints(), kafka.client());
        CompactedTable<MetricsMessage> metrics =
            new CompactedTable<>(kafka.topics().metrics(), kafka.client())) {
      log.start();
      current.start();
      metrics.start();
      if (!log.refresh(LIMIT) || !current.refresh(LIMIT) || !metrics.refresh(LIMIT)) {
        throw new CliException("Cannot read the checkpoints within %d s.", LIMIT.toSeconds());
      }
      Map<Long, Map<String, Double>> scored =
          metrics.get(name).map(MetricsMessage::checkpoints).orElse(Map.of());
      synchronized (versions) {
        boolean deleted = current.get(name).isEmpty();
        if (versions.isEmpty() || deleted) {
          throw new CliException("Task '%s' has no checkpoint yet.", name);
        }
        Terminal terminal = Terminal.stdout();
        terminal.out().println(table(versions, scored).render(terminal));
      }
    }
    return 0;
  }

  private void add(
      NavigableMap<Long, CheckpointManifest> versions, String task, CheckpointManifest manifest) {
    if (manifest != null && name.equals(task)) {
      synchronized (versions) {
        versions.values().removeIf(manifest::beginsAnewAfter);
        versions.put(manifest.version(), manifest);
        while (versions.size() > Math.max(1, limit)) {
          versions.pollFirstEntry();
        }
      }
    }
  }

  /** A line per version, oldest first. */
  static TextTable table(
      NavigableMap<Long, CheckpointManifest> versions, Map<Long, Map<String, Double>> scored) {
    TextTable table =
        new TextTable(
            "VERSION",
            "PARENT",
            "MADE",
            "TRAINER",
            "NEW ROWS",
            "ROWS",
            "OFFSETS",
            "LOSS",
            "SCORED",
            "METRIC");
    for (CheckpointManifest manifest : versions.values()) {
      Map<String, Double> values = scored.getOrDefault(manifest.version(), Map.of());
      table.row(
          manifest.version(),
          manifest.parent() + origin(manifest),
          DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
              Instant.ofEpochMilli(manifest.createdAt())
                  .atZone(ZoneId.systemDefault())
                  .truncatedTo(ChronoUnit.SECONDS)),
          manifest.trainer(),
          manifest.newRows(),
          manifest.rows(),
          ranges(manifest),
          number(manifest.metrics().get("loss"), "%.4f"),
          number(values.get(MetricNames.COUNT), "%.0f"),
          values.containsKey(MetricNames.ACCURACY)
              ? number(100 * values.get(MetricNames.ACCURACY), "accuracy %.1f %%")
              : number(values.get(MetricNames.RAE), "RAE %.3f"));
    }
    return table;
  }

  /** Where the weights come from, if not from the parent. */
  private static String origin(CheckpointManifest manifest) {
    if (manifest.restored() != null) {
      return " restored";
    }
    return manifest.metrics().containsKey(CheckpointManifest.RETRAINED) ? " retrained" : "";
  }

  private static String ranges(CheckpointManifest manifest) {
    return new TreeMap<>(manifest.ranges())
        .entrySet().stream()
            .map(e -> e.getKey() + ":" + e.getValue().from() + "-" + e.getValue().to())
            .collect(Collectors.joining(" "));
  }

  private static String number(Double value, String format) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }
}
