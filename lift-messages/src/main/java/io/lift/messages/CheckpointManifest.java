package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * What one checkpoint is, on {@code lift.checkpoints} (the current one) and {@code
 * lift.checkpoints.log} (all).
 *
 * @param task the task; also the key
 * @param version 1 for the first, then rising by one, never reused
 * @param parent version this one was trained on from; 0 is the base model
 * @param taskVersion version of the task whose prompts it learned
 * @param templateHash hash of the task's language
 * @param baseModel hash of the base model
 * @param sha256 hash of the checkpoint file, hex
 * @param size bytes of the checkpoint file
 * @param location where the file's chunks are
 * @param createdAt epoch milliseconds
 * @param trainer which trainer made it
 * @param step optimizer steps since the base model
 * @param seed seed of the random choices
 * @param ranges offsets of {@code lift.prompts} that entered with this version, by partition; a row
 *     is in exactly one version's range
 * @param windowFrom the smallest offset still rehearsed, by partition; where a trainer that resumes
 *     begins to read
 * @param newRows rows that entered with this version
 * @param rows rows that entered with this and all earlier versions
 * @param metrics training figures: {@code loss}, {@code seconds}, {@code tokens}, {@code steps}, …
 * @param choices what was chosen from the rows: the number of {@code members}, the {@code weights}
 *     of their number encodings, {@code folds} held out, {@code temperature}, {@code numbers} and
 *     {@code template}; null where a checkpoint has none
 * @param restored of a rollback: the version whose file this is, also its parent; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CheckpointManifest(
    String task,
    long version,
    long parent,
    int taskVersion,
    String templateHash,
    String baseModel,
    String sha256,
    long size,
    Location location,
    long createdAt,
    String trainer,
    long step,
    long seed,
    Map<Integer, OffsetRange> ranges,
    Map<Integer, Long> windowFrom,
    long newRows,
    long rows,
    Map<String, Double> metrics,
    Map<String, Object> choices,
    Long restored) {
  /** The metric of a version with a retrained ensemble, which continues no version's weights. */
  public static final String RETRAINED = "retrained";

  /**
   * Chunks of one file on {@code lift.checkpoints.chunks}.
   *
   * @param partition their partition
   * @param firstOffset offset of chunk 0; the others follow, perhaps with gaps
   * @param chunks how many
   */
  public record Location(int partition, long firstOffset, int chunks) {}

  /**
   * A half-open range of offsets.
   *
   * @param from first offset
   * @param to offset after the last
   */
  public record OffsetRange(long from, long to) {}

  /**
   * Whether this is the first version of a task that was deleted and made anew after the other one:
   * it continues none, and neither the task's version nor the base model explains that.
   */
  public boolean beginsAnewAfter(CheckpointManifest other) {
    return parent == 0
        && version > other.version
        && taskVersion <= other.taskVersion
        && baseModel.equals(other.baseModel);
  }

  /** For each partition, the first offset that this checkpoint has not seen. */
  @JsonIgnore
  public Map<Integer, Long> trainedTo() {
    return ranges.entrySet().stream()
        .collect(
            java.util.stream.Collectors.toUnmodifiableMap(
                Map.Entry::getKey, entry -> entry.getValue().to()));
  }
}
