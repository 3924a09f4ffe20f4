package io.lift.bench.pretrain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.Safetensors;
import io.lift.model.incontext.TransformerLayout;
import io.lift.model.incontext.TransformerShape;
import io.lift.model.incontext.TransformerWeights;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that a pretraining needs to go on.
 *
 * @param weights by name
 * @param first Muon's momentum, or Adam's first moment
 * @param second Adam's second moment; none for Muon's matrices
 * @param mean running mean of the weights
 */
record PretrainingState(
    TransformerShape shape,
    Map<String, float[]> weights,
    Map<String, float[]> first,
    Map<String, float[]> second,
    Map<String, float[]> mean,
    Progress progress) {
  private static final String FILE = "the pretraining's checkpoint";
  private static final String[] PARTS = {"weights.", "first.", "second.", "mean."};

  /**
   * How far it is.
   *
   * @param seed of every random choice
   * @param step updates done
   * @param tables that were read
   * @param seconds of computing, over all starts
   */
  record Progress(long seed, long step, long tables, double seconds) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As JSON. */
    byte[] toBytes() {
      try {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }

    /**
     * @throws InvalidCheckpointException if it is no JSON of these fields
     */
    static Progress read(byte[] json) {
      try {
        return JSON.readValue(json, Progress.class);
      } catch (IOException e) {
        throw new InvalidCheckpointException("the pretraining's progress.json cannot be read.");
      }
    }
  }

  /** Before the first step. */
  static PretrainingState initial(TransformerShape shape, long seed) {
    return of(TransformerWeights.initial(shape, seed), new Progress(seed, 0, 0, 0));
  }

  /** From weights, without the optimizer's moments. */
  static PretrainingState of(TransformerWeights model, Progress progress) {
    Map<String, float[]> first = new LinkedHashMap<>();
    Map<String, float[]> second = new LinkedHashMap<>();
    for (TransformerLayout.Entry e : TransformerLayout.of(model.shape()).entries()) {
      first.put(e.name(), new float[e.length()]);
      if (!e.hidden()) {
        second.put(e.name(), new float[e.length()]);
      }
    }
    return new PretrainingState(
        model.shape(), model.tensors(), first, second, model.tensors(), progress);
  }

  /** The model: the mean of the weights. */
  TransformerWeights model() {
    return new TransformerWeights(shape, mean);
  }

  byte[] toBytes() {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    for (TransformerLayout.Entry e : TransformerLayout.of(shape).entries()) {
      int part = 0;
      for (Map<String, float[]> all : Arrays.asList(weights, first, second, mean)) {
        float[] data = all.get(e.name());
        if (data != null) {
          tensors.put(PARTS[part] + e.name(), new Safetensors.Tensor(e.shape(), data));
        }
        part++;
      }
    }
    Map<String, String> metadata =
        Map.of(
            "seed", Long.toString(progress.seed()),
            "step", Long.toString(progress.step()),
            "tables", Long.toString(progress.tables()),
            "seconds", Double.toString(progress.seconds()));
    return new Safetensors(metadata, tensors).toBytes();
  }

  /**
   * @throws InvalidCheckpointException if it is damaged or of another shape
   */
  static PretrainingState read(TransformerShape shape, byte[] bytes) {
    try {
      Safetensors file = Safetensors.read(FILE, bytes);
      Map<String, String> metadata = file.metadata();
      Progress progress =
          new Progress(
              Long.parseLong(metadata.get("seed")),
              Long.parseLong(metadata.get("step")),
              Long.parseLong(metadata.get("tables")),
              Double.parseDouble(metadata.get("seconds")));
      return new PretrainingState(
          shape,
          part(shape, file, PARTS[0], false),
          part(shape, file, PARTS[1], false),
          part(shape, file, PARTS[2], true),
          part(shape, file, PARTS[3], false),
          progress);
    } catch (Safetensors.Invalid | NumberFormatException e) {
      throw new InvalidCheckpointException(FILE + " cannot be read: " + e.getMessage());
    }
  }

  private static Map<String, float[]> part(
      TransformerShape shape, Safetensors file, String part, boolean optional) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (TransformerLayout.Entry e : TransformerLayout.of(shape).entries()) {
      if (optional && e.hidden()) {
        continue;
      }
      Safetensors.Tensor tensor = file.tensors().get(part + e.name());
      if (tensor == null || !Arrays.equals(tensor.shape(), e.shape())) {
        throw new InvalidCheckpointException(
            "%s lacks %s of shape %s."
                .formatted(FILE, part + e.name(), Arrays.toString(e.shape())));
      }
      tensors.put(e.name(), tensor.data());
    }
    return tensors;
  }
}
