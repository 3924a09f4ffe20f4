package io.lift.testing;

import io.lift.core.answer.Answer;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PromptMessage;
import java.util.Map;
import java.util.TreeMap;

/** Messages as the services send them, for tasks with the labels {@code no} and {@code yes}. */
public final class SampleMessages {
  private SampleMessages() {}

  /** What the serializer sends for a labelled row. */
  public static PromptMessage prompt(String task, String row, String label) {
    return new PromptMessage(task, 1, row, "x ###", new int[0], label + "@@@", label, null);
  }

  /**
   * What inference answers, with probability 0.75.
   *
   * @param version of the checkpoint
   * @param trainedTo that checkpoint's end offsets by partition of the training log
   */
  public static PredictionMessage prediction(
      String task, String row, String label, long version, Map<Integer, Long> trainedTo) {
    double yes = label.equals("yes") ? 0.75 : 0.25;
    return new PredictionMessage(
        task,
        row,
        PredictionMessage.Status.ANSWERED,
        Answer.ofLabels(label, new TreeMap<>(Map.of("no", 1 - yes, "yes", yes))),
        new PredictionMessage.Checkpoint(version, null, trainedTo),
        "hash",
        null,
        new PredictionMessage.Timings(3, 1, 1),
        null);
  }

  /** What the trainer publishes: each version learned from ten more rows than its parent. */
  public static CheckpointManifest manifest(String task, long version) {
    return new CheckpointManifest(
        task,
        version,
        version - 1,
        1,
        "language",
        "base",
        "sha",
        10,
        new CheckpointManifest.Location(0, 0, 1),
        1_000 * version,
        "trainer",
        10 * version,
        0,
        Map.of(0, new CheckpointManifest.OffsetRange(10 * (version - 1), 10 * version)),
        Map.of(0, 0L),
        10,
        10 * version,
        Map.of("loss", 1.0 / version),
        null,
        null);
  }
}
