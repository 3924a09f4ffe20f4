package io.lift.bench.audit;

import io.lift.bench.stream.CommittedReader;
import io.lift.kafka.CheckpointFiles;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PromptMessage;
import io.lift.messages.RequestMessage;
import io.lift.messages.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Audits the delivery of a stream from what a committed reader finds on the topics afterwards: each
 * row rendered once, each request answered once, each labelled row in the offset range of exactly
 * one checkpoint, each checkpoint file that is kept whole.
 */
final class DeliveryAudit {
  private final KafkaConnection kafka;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();

  DeliveryAudit(KafkaConnection kafka) {
    this.kafka = kafka;
  }

  /**
   * Reads all topics from their beginning and checks them against the rows that were sent.
   *
   * @param labelled for each task, the ids of the rows sent with their target
   * @param requested for each task, the ids of the rows that request a prediction
   */
  void audit(Map<String, Set<String>> labelled, Map<String, Set<String>> requested) {
    List<Place> prompts = new ArrayList<>();
    checkOnce(
        "prompt",
        labelled,
        rows(
            kafka.topics().prompts(),
            record -> {
              prompts.add(new Place(record.key(), record.partition(), record.offset()));
              PromptMessage message = Json.read(record.value(), PromptMessage.class);
              return new TaskRow(message.task(), message.row());
            }));
    checkOnce(
        "request",
        requested,
        rows(
            kafka.topics().requests(),
            record -> {
              RequestMessage message = Json.read(record.value(), RequestMessage.class);
              return new TaskRow(message.task(), message.row());
            }));
    List<String> unanswered = new ArrayList<>();
    checkOnce(
        "prediction",
        requested,
        rows(
            kafka.topics().predictions(),
            record -> {
              PredictionMessage message = Json.read(record.value(), PredictionMessage.class);
              if (message.status() != PredictionMessage.Status.ANSWERED) {
                unanswered.add(
                    "row %s of %s is %s: %s"
                        .formatted(
                            message.row(), message.task(), message.status(), message.message()));
              }
              return new TaskRow(message.task(), message.row());
            }));
    unanswered.stream().limit(10).forEach(faults::add);
    checkLineage(prompts);
  }

  /** One sentence per fault; empty if nothing was lost or repeated. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** What was counted, by name. */
  Map<String, Long> counts() {
    return counts;
  }

  private record TaskRow(String task, String row) {}

  /** Where a training example is. */
  private record Place(String task, int partition, long offset) {}

  /** The rows of a topic, whose messages may be too large to hold them all. */
  private List<TaskRow> rows(
      Topic<?> topic, Function<ConsumerRecord<String, byte[]>, TaskRow> row) {
    List<TaskRow> rows = new ArrayList<>();
    CommittedReader.forEach(kafka.settings(), topic, record -> rows.add(row.apply(record)));
    return rows;
  }

  private void checkOnce(String what, Map<String, Set<String>> expected, List<TaskRow> found) {
    Map<TaskRow, Integer> times = new HashMap<>();
    found.forEach(row -> times.merge(row, 1, Integer::sum));
    long repeated = times.values().stream().filter(n -> n > 1).count();
    long missing = 0;
    long foreign = times.size();
    for (Map.Entry<String, Set<String>> task : expected.entrySet()) {
      for (String row : task.getValue()) {
        if (times.containsKey(new TaskRow(task.getKey(), row))) {
          foreign--;
        } else {
          missing++;
        }
      }
    }
    counts.put(what + "s", (long) found.size());
    if (repeated > 0) {
      fault("%d rows have more than one %s", repeated, what);
    }
    if (missing > 0) {
      fault("%d rows have no %s", missing, what);
    }
    if (foreign > 0) {
      fault("%d %ss belong to rows that were never sent", foreign, what);
    }
  }

  private void checkLineage(List<Place> prompts) {
    Map<String, List<CheckpointManifest>> lineages = new TreeMap<>();
    for (ConsumerRecord<String, byte[]> record :
        CommittedReader.readAll(kafka.settings(), kafka.topics().checkpointsLog())) {
      CheckpointManifest manifest = Json.read(record.value(), CheckpointManifest.class);
      lineages.computeIfAbsent(manifest.task(), task -> new ArrayList<>()).add(manifest);
    }
    long checkpoints = 0;
    for (Map.Entry<String, List<CheckpointManifest>> lineage : lineages.entrySet()) {
      List<CheckpointManifest> manifests = lineage.getValue();
      manifests.sort(Comparator.comparingLong(CheckpointManifest::version));
      checkpoints += manifests.size();
      checkChain(lineage.getKey(), manifests);
      manifests.stream()
          .skip(Math.max(0, manifests.size() - CheckpointFiles.KEPT_VERSIONS))
          .forEach(this::checkFile);
    }
    counts.put("checkpoints", checkpoints);

    long trained = 0;
    Set<String> shortTasks = new HashSet<>();
    for (Place prompt : prompts) {
      long versions =
          lineages.getOrDefault(prompt.task(), List.of()).stream()
              .filter(manifest -> contains(manifest, prompt.partition(), prompt.offset()))
              .count();
      if (versions == 1) {
        trained++;
      } else {
        shortTasks.add(
            "%s: offset %d of partition %d is in %d checkpoints"
                .formatted(prompt.task(), prompt.offset(), prompt.partition(), versions));
      }
    }
    counts.put("trained rows", trained);
    shortTasks.stream().sorted().limit(10).forEach(faults::add);
  }

  /** Whether a checkpoint has the version before as its parent, or the one that it restores. */
  private static boolean follows(CheckpointManifest manifest, int before) {
    return manifest.restored() == null
        ? manifest.parent() == before
        : manifest.parent() == manifest.restored() && manifest.parent() <= before;
  }

  private void checkChain(String task, List<CheckpointManifest> manifests) {
    for (int i = 0; i < manifests.size(); i++) {
      CheckpointManifest manifest = manifests.get(i);
      if (manifest.version() != i + 1 || !follows(manifest, i)) {
        fault(
            "%s: checkpoint %d of the log has version %d and parent %d",
            task, i + 1, manifest.version(), manifest.parent());
      }
      if (i > 0) {
        manifests
            .get(i - 1)
            .ranges()
            .forEach(
                (partition, before) -> {
                  OffsetRange range = manifest.ranges().get(partition);
                  if (range == null || range.from() != before.to()) {
                    fault(
                        "%s: version %d does not go on where version %d ended (%s after %s)",
                        task, manifest.version(), manifest.version() - 1, range, before);
                  }
                });
      }
    }
  }

  private void checkFile(CheckpointManifest manifest) {
    try {
      CheckpointFiles.read(kafka, manifest, Duration.ofSeconds(30));
    } catch (IOException e) {
      fault("%s: %s", manifest.task(), e.getMessage());
    }
  }

  private static boolean contains(CheckpointManifest manifest, int partition, long offset) {
    OffsetRange range = manifest.ranges().get(partition);
    return range != null && range.from() <= offset && offset < range.to();
  }

  private void fault(String format, Object... args) {
    faults.add(format.formatted(args));
  }
}
