package io.lift.model.training;

import io.lift.model.decoder.DecoderConfig;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.files.CheckpointInvalid;
import io.lift.model.files.Safetensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a fine-tuning needs to go on and a scorer to serve. As a file it is safetensors: each
 * member's weights under the published names with {@code member.K.} before them, then the
 * optimizer's two flat vectors per member.
 *
 * @param layout of a member's parameters
 * @param members M
 * @param parameters (M, P)
 * @param mean AdamW's running mean, (M, P)
 * @param square AdamW's running mean square, (M, P)
 * @param step optimizer steps since the base model
 * @param rounds completed rounds
 * @param seed of every random choice; with the step it is the random state
 * @param recipe the training recipe, as text for the reader
 * @param base the base model's hash
 * @param language the task language's hash
 */
public record Checkpoint(
    ParameterLayout layout,
    int members,
    float[] parameters,
    float[] mean,
    float[] square,
    long step,
    long rounds,
    long seed,
    String recipe,
    String base,
    String language) {

  private static final String FORMAT = "lift-checkpoint/1";

  public byte[] toBytes() {
    Map<String, String> about =
        Map.of(
            "format",
            FORMAT,
            "members",
            Integer.toString(members),
            "step",
            Long.toString(step),
            "rounds",
            Long.toString(rounds),
            "seed",
            Long.toString(seed),
            "recipe",
            recipe,
            "base",
            base,
            "language",
            language);
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    for (int m = 0; m < members; m++) {
      for (ParameterLayout.Entry e : layout.entries()) {
        int from = m * layout.size() + e.offset();
        float[] data = Arrays.copyOfRange(parameters, from, from + e.length());
        tensors.put("member." + m + "." + e.name(), new Safetensors.Tensor(e.shape(), data));
      }
    }
    for (int m = 0; m < members; m++) {
      tensors.put("optimizer." + m + ".mean", vector(mean, m));
      tensors.put("optimizer." + m + ".square", vector(square, m));
    }
    return new Safetensors(about, tensors).toBytes();
  }

  /**
   * @throws CheckpointInvalid if the file is damaged or made for another base or language
   */
  public static Checkpoint read(
      DecoderConfig config, int vocabulary, String base, String language, byte[] file) {
    Safetensors read;
    try {
      read = Safetensors.read("the checkpoint", file);
    } catch (Safetensors.Invalid e) {
      throw new CheckpointInvalid(e.getMessage());
    }
    Map<String, String> about = read.metadata();
    expect("format", FORMAT, about.get("format"));
    expect("base", base, about.get("base"));
    expect("language", language, about.get("language"));
    int members = (int) number(about, "members", 1, 1024);

    ParameterLayout layout = ParameterLayout.of(config, vocabulary);
    int size = layout.size();
    float[] parameters = new float[Math.multiplyExact(members, size)];
    float[] mean = new float[parameters.length];
    float[] square = new float[parameters.length];
    for (int m = 0; m < members; m++) {
      for (ParameterLayout.Entry e : layout.entries()) {
        copy(read, "member." + m + "." + e.name(), e.shape(), parameters, m * size + e.offset());
      }
      copy(read, "optimizer." + m + ".mean", new long[] {size}, mean, m * size);
      copy(read, "optimizer." + m + ".square", new long[] {size}, square, m * size);
    }
    return new Checkpoint(
        layout,
        members,
        parameters,
        mean,
        square,
        number(about, "step", 0, Long.MAX_VALUE),
        number(about, "rounds", 0, Long.MAX_VALUE),
        number(about, "seed", Long.MIN_VALUE, Long.MAX_VALUE),
        about.getOrDefault("recipe", ""),
        base,
        language);
  }

  private Safetensors.Tensor vector(float[] state, int member) {
    int size = layout.size();
    return new Safetensors.Tensor(
        new long[] {size}, Arrays.copyOfRange(state, member * size, (member + 1) * size));
  }

  private static void expect(String what, String wanted, String found) {
    if (!wanted.equals(found)) {
      throw new CheckpointInvalid(
          "the checkpoint was made for another " + what + ": " + found + ", not " + wanted + ".");
    }
  }

  private static long number(Map<String, String> about, String name, long min, long max) {
    try {
      long value = Long.parseLong(about.getOrDefault(name, ""));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new CheckpointInvalid("the checkpoint has no valid " + name + " in its metadata.");
  }

  private static void copy(Safetensors from, String name, long[] shape, float[] to, int offset) {
    Safetensors.Tensor tensor = from.tensors().get(name);
    if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
      throw new CheckpointInvalid(
          "the checkpoint lacks tensor " + name + " of shape " + Arrays.toString(shape) + ".");
    }
    System.arraycopy(tensor.data(), 0, to, offset, tensor.data().length);
  }
}
