package io.lift.checkpoint;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The format of checkpoint files. It has a number, which grows when files of the one before cannot
 * be read any more.
 */
public final class CheckpointFormat {
  /** The number of the format that this version of Lift writes and reads. */
  public static final int NUMBER = 3;

  private static final String KEY = "format";
  private static final String NAME = "lift-checkpoint/";
  private static final Pattern VALUE = Pattern.compile(Pattern.quote(NAME) + "([0-9]{1,9})");

  private CheckpointFormat() {}

  /** Writes the format into a file's metadata. */
  public static void write(Map<String, String> metadata) {
    metadata.put(KEY, NAME + NUMBER);
  }

  /**
   * Reads a checkpoint file of this format.
   *
   * @throws InvalidCheckpointException if it is damaged, no checkpoint, or of another format
   */
  public static Safetensors read(byte[] file) {
    Safetensors read;
    try {
      read = Safetensors.read("the checkpoint", file);
    } catch (Safetensors.Invalid e) {
      throw new InvalidCheckpointException(e.getMessage());
    }
    Matcher format = VALUE.matcher(read.metadata().getOrDefault(KEY, ""));
    if (!format.matches()) {
      throw new InvalidCheckpointException("the file is not a checkpoint of Lift.");
    }
    int number = Integer.parseInt(format.group(1));
    if (number != NUMBER) {
      throw new InvalidCheckpointException(
          "the checkpoint was written by another version of Lift (format %d, this version reads %d): delete the task and create it anew, or use the version that wrote it."
              .formatted(number, NUMBER));
    }
    return read;
  }
}
