package io.lift.model.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.checkpoint.CheckpointFormat;
import io.lift.checkpoint.CheckpointNames;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.PeftConfig;
import io.lift.checkpoint.Safetensors;
import io.lift.model.decoder.FlatLayout;
import io.lift.model.decoder.ParameterLayout.Entry;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.incontext.StoredRows;
import io.lift.model.training.Checkpoint.Moments;
import io.lift.model.training.Checkpoint.Provenance;
import io.lift.model.training.Checkpoint.RoundPosition;
import io.lift.model.training.Checkpoint.State;
import io.lift.model.training.Checkpoint.Support;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checkpoints as safetensors files. Where all weights are trained, each member's are stored under
 * the published names after {@code member.K.}. Adapters are stored under PEFT's names, with PEFT's
 * configuration in the metadata. Then come the optimizer's two flat vectors per member, unless it
 * was reset, and the support set.
 */
public final class CheckpointCodec {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CheckpointCodec() {}

  /** The file; equal checkpoints give equal bytes. */
  public static byte[] encode(Checkpoint checkpoint) {
    FlatLayout layout = checkpoint.provenance().layout();
    State state = checkpoint.state();
    int size = layout.size();
    int members = checkpoint.members();
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    for (int m = 0; m < members; m++) {
      for (Entry e : layout.entries()) {
        int from = m * size + e.offset();
        float[] data = Arrays.copyOfRange(state.parameters(), from, from + e.length());
        tensors.put(name(layout, members, m, e), new Safetensors.Tensor(e.shape(), data));
      }
    }
    for (int m = 0; m < members && state.optimizer() != null; m++) {
      tensors.put(CheckpointNames.firstMoment(m), vector(state.optimizer().first(), m, size));
      tensors.put(CheckpointNames.secondMoment(m), vector(state.optimizer().second(), m, size));
    }
    if (checkpoint.support().rows() != null) {
      tensors.put(CheckpointNames.SUPPORT_SET, table(checkpoint.support().rows().table()));
    }
    return new Safetensors(metadata(checkpoint), tensors).toBytes();
  }

  private static Map<String, String> metadata(Checkpoint checkpoint) {
    State state = checkpoint.state();
    Provenance provenance = checkpoint.provenance();
    Support support = checkpoint.support();
    Map<String, String> metadata = new TreeMap<>();
    CheckpointFormat.write(metadata);
    metadata.put(CheckpointNames.MEMBERS, Integer.toString(checkpoint.members()));
    metadata.put(CheckpointNames.ENSEMBLE, provenance.ensemble().toJson());
    metadata.put(CheckpointNames.RECIPE, provenance.recipe());
    metadata.put(CheckpointNames.BASE, provenance.base());
    metadata.put(CheckpointNames.LANGUAGE, provenance.language());
    if (provenance.layout() instanceof AdapterLayout adapter) {
      metadata.put(CheckpointNames.ADAPTER, adapter.config().toJson());
    }
    metadata.put(CheckpointNames.STEP, Long.toString(state.step()));
    metadata.put(CheckpointNames.SEED, Long.toString(state.seed()));
    metadata.put(CheckpointNames.ROUNDS, Long.toString(state.rounds().done()));
    if (state.rounds().step() > 0) {
      metadata.put(CheckpointNames.ROUND_STEP, Integer.toString(state.rounds().step()));
      metadata.put(CheckpointNames.ROUND_ROWS, state.rounds().rows());
    }
    if (support.rows() != null) {
      metadata.put(CheckpointNames.IN_CONTEXT_MODEL, support.inContextModel());
      if (support.rows().texts() != null) {
        metadata.put(CheckpointNames.TEXTS, json(support.rows().texts()));
      }
    }
    if (support.context() != null) {
      metadata.put(CheckpointNames.CONTEXT, support.context());
    }
    return metadata;
  }

  private static String name(FlatLayout layout, int members, int member, Entry entry) {
    return layout instanceof AdapterLayout && members == 1
        ? entry.name()
        : CheckpointNames.member(member) + entry.name();
  }

  private static Safetensors.Tensor vector(float[] all, int member, int size) {
    return new Safetensors.Tensor(
        new long[] {size}, Arrays.copyOfRange(all, member * size, (member + 1) * size));
  }

  private static Safetensors.Tensor table(int[][] rows) {
    int width = rows[0].length;
    float[] data = new float[rows.length * width];
    for (int i = 0; i < data.length; i++) {
      data[i] = rows[i / width][i % width];
    }
    return new Safetensors.Tensor(new long[] {rows.length, width}, data);
  }

  /**
   * Reads a file.
   *
   * @throws InvalidCheckpointException if it is damaged, of another format, or made for another
   *     base, language or in-context model
   */
  public static Checkpoint decode(CheckpointTarget target, byte[] file) {
    Safetensors read = CheckpointFormat.read(file);
    Map<String, String> metadata = read.metadata();
    expect("base", target.base(), metadata.get(CheckpointNames.BASE));
    expect("language", target.language(), metadata.get(CheckpointNames.LANGUAGE));
    Provenance provenance =
        new Provenance(
            layout(target, read),
            Ensemble.read(metadata.getOrDefault(CheckpointNames.ENSEMBLE, "")),
            metadata.getOrDefault(CheckpointNames.RECIPE, ""),
            target.base(),
            target.language());
    return new Checkpoint(state(read, provenance), provenance, support(target, read));
  }

  private static FlatLayout layout(CheckpointTarget target, Safetensors file) {
    String adapter = file.metadata().get(CheckpointNames.ADAPTER);
    if (adapter == null) {
      return target.allWeights();
    }
    String first = CheckpointNames.member(0); // the others' are of the same shapes
    try {
      return target.adapter(
          PeftConfig.read(
              "the checkpoint's " + CheckpointNames.ADAPTER,
              adapter.getBytes(StandardCharsets.UTF_8)),
          file.tensors().keySet().stream()
                  .filter(name -> !name.startsWith(CheckpointNames.OPTIMIZER))
                  .map(name -> name.startsWith(first) ? name.substring(first.length()) : name)
                  .filter(name -> !name.startsWith(CheckpointNames.MEMBER))
              ::iterator);
    } catch (InvalidModelException e) {
      throw new InvalidCheckpointException(e.getMessage());
    }
  }

  private static State state(Safetensors file, Provenance provenance) {
    FlatLayout layout = provenance.layout();
    int members = provenance.ensemble().size();
    int size = layout.size();
    float[] parameters = new float[Math.multiplyExact(members, size)];
    boolean reset = !file.tensors().containsKey(CheckpointNames.firstMoment(0));
    Moments optimizer =
        reset ? null : new Moments(new float[parameters.length], new float[parameters.length]);
    long[] vector = {size};
    for (int m = 0; m < members; m++) {
      for (Entry e : layout.entries()) {
        copy(file, name(layout, members, m, e), e.shape(), parameters, m * size + e.offset());
      }
      if (!reset) {
        copy(file, CheckpointNames.firstMoment(m), vector, optimizer.first(), m * size);
        copy(file, CheckpointNames.secondMoment(m), vector, optimizer.second(), m * size);
      }
    }
    Map<String, String> metadata = file.metadata();
    boolean within = metadata.containsKey(CheckpointNames.ROUND_STEP);
    return new State(
        parameters,
        optimizer,
        number(metadata, CheckpointNames.STEP, 0, Long.MAX_VALUE),
        new RoundPosition(
            number(metadata, CheckpointNames.ROUNDS, 0, Long.MAX_VALUE),
            within ? (int) number(metadata, CheckpointNames.ROUND_STEP, 1, Integer.MAX_VALUE) : 0,
            within ? metadata.getOrDefault(CheckpointNames.ROUND_ROWS, "") : ""),
        number(metadata, CheckpointNames.SEED, Long.MIN_VALUE, Long.MAX_VALUE));
  }

  private static Support support(CheckpointTarget target, Safetensors file) {
    String context = file.metadata().get(CheckpointNames.CONTEXT);
    Safetensors.Tensor rows = file.tensors().get(CheckpointNames.SUPPORT_SET);
    if (rows == null) {
      return new Support(null, null, context);
    }
    String model = target.inContextModel();
    String found = file.metadata().getOrDefault(CheckpointNames.IN_CONTEXT_MODEL, "unknown");
    expect("in-context model", model, found);
    return new Support(new StoredRows(table(rows), texts(file)), model, context);
  }

  private static String json(List<List<String>> texts) {
    try {
      return JSON.writeValueAsString(texts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<List<String>> texts(Safetensors file) {
    String texts = file.metadata().get(CheckpointNames.TEXTS);
    try {
      return texts == null ? null : JSON.readValue(texts, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new InvalidCheckpointException("the checkpoint's texts cannot be read.");
    }
  }

  private static int[][] table(Safetensors.Tensor tensor) {
    if (tensor.shape().length != 2 || tensor.data().length == 0) {
      throw new InvalidCheckpointException("the checkpoint's support set is not a table.");
    }
    int width = (int) tensor.shape()[1];
    int[][] rows = new int[(int) tensor.shape()[0]][width];
    for (int i = 0; i < tensor.data().length; i++) {
      rows[i / width][i % width] = (int) tensor.data()[i];
    }
    return rows;
  }

  private static void expect(String what, String wanted, String found) {
    if (!wanted.equals(found)) {
      throw new InvalidCheckpointException(
          "the checkpoint was made for another " + what + ": " + found + ", not " + wanted + ".");
    }
  }

  private static long number(Map<String, String> metadata, String name, long min, long max) {
    try {
      long value = Long.parseLong(metadata.getOrDefault(name, ""));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new InvalidCheckpointException(
        "the checkpoint has no valid " + name + " in its metadata.");
  }

  private static void copy(Safetensors from, String name, long[] shape, float[] to, int offset) {
    Safetensors.Tensor tensor = from.tensors().get(name);
    if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
      throw new InvalidCheckpointException(
          "the checkpoint lacks tensor " + name + " of shape " + Arrays.toString(shape) + ".");
    }
    System.arraycopy(tensor.data(), 0, to, offset, tensor.data().length);
  }
}
