package io.lift.checkpoint.published;

import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.TensorFile;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tensors of a published model: their names, their shapes, and where a folder has them. */
public final class PublishedTensors {
  /** Endings of constants that some files hold beside the weights. */
  private static final List<String> CONSTANTS =
      List.of("attn.bias", "attn.masked_bias", "rotary_emb.inv_freq", "embeddings.position_ids");

  /** Beginnings of what BERT was pretrained with, and what no vector of a text needs. */
  private static final List<String> PRETRAINING = List.of("pooler.", "bert.pooler.", "cls.");

  /** Types of tokens that BERT distinguishes; texts have the first. */
  private static final int TYPES = 2;

  private PublishedTensors() {}

  /** The shape of each tensor by published name, from input to output. */
  public static Map<String, long[]> shapes(DecoderConfig config) {
    TensorNames names = config.names();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put(names.embeddingTable(), new long[] {config.vocabSize(), config.hiddenSize()});
    if (config.rotary() == null) {
      shapes.put(names.positionTable(), new long[] {config.maxPositions(), config.hiddenSize()});
    }
    if (config.encoder()) {
      shapes.put(names.typeTable(), new long[] {TYPES, config.hiddenSize()});
      norm(config, names.root() + names.embeddingNorm(), config.hiddenSize(), shapes);
    }
    for (int l = 0; l < config.layers(); l++) {
      norm(config, names.inLayer(l, names.inputNorm()), config.hiddenSize(), shapes);
      if (!config.parallel()) {
        norm(config, names.inLayer(l, names.mlpNorm()), config.hiddenSize(), shapes);
      }
      if (config.queryKeyNorm()) {
        norm(config, names.inLayer(l, names.queryNorm()), config.headSize(), shapes);
        norm(config, names.inLayer(l, names.keyNorm()), config.headSize(), shapes);
      }
    }
    if (!config.encoder()) {
      norm(config, names.root() + names.norm(), config.hiddenSize(), shapes);
    }
    for (PublishedLinear linear : config.linears()) {
      boolean head = linear.layer() == PublishedLinear.NO_LAYER;
      long in = linear.in();
      long out = linear.out();
      if (!head || !config.tiedEmbeddings()) {
        shapes.put(
            linear.path() + TensorNames.WEIGHT,
            names.inputFirst() && !head ? new long[] {in, out} : new long[] {out, in});
      }
      if (config.hasBias(linear.slices().get(0).projection())) {
        shapes.put(linear.path() + TensorNames.BIAS, new long[] {out});
      }
    }
    return shapes;
  }

  private static void norm(
      DecoderConfig config, String name, long width, Map<String, long[]> shapes) {
    shapes.put(name + TensorNames.WEIGHT, new long[] {width});
    if (config.layerNorm()) {
      shapes.put(name + TensorNames.BIAS, new long[] {width});
    }
  }

  /**
   * Finds all tensors in a folder. Their numbers are not read yet.
   *
   * @throws InvalidModelException if a tensor is missing or has another shape or type, or if the
   *     folder holds a tensor that the configuration does not use
   */
  public static Map<String, TensorFile.Tensor> find(DecoderConfig config, ModelFolder folder) {
    String root = config.names().root();
    Map<String, TensorFile.Tensor> found = new LinkedHashMap<>();
    Set<String> known = new HashSet<>();
    if (!config.encoder()) {
      known.add(config.names().headTable());
    }
    for (Map.Entry<String, long[]> e : shapes(config).entrySet()) {
      String name = e.getKey();
      if (folder.tensor(name) == null && name.startsWith(root)) {
        name = name.substring(root.length()); // GPT-2's own files lack the root
      }
      TensorFile.Tensor tensor = folder.tensor(name);
      if (tensor == null || !Arrays.equals(tensor.shape(), e.getValue())) {
        String shape = tensor == null ? "" : ", it has shape " + Arrays.toString(tensor.shape());
        throw new InvalidModelException(
            "%s lacks tensor %s of shape %s%s."
                .formatted(folder.weights(), e.getKey(), Arrays.toString(e.getValue()), shape));
      }
      if (!tensor.type().readable()) {
        throw new InvalidModelException(tensor.unreadable());
      }
      known.add(name);
      found.put(e.getKey(), tensor);
    }
    for (String name : folder.names()) {
      boolean ignored =
          CONSTANTS.stream().anyMatch(name::endsWith)
              || config.encoder() && PRETRAINING.stream().anyMatch(name::startsWith);
      if (!known.contains(name) && !ignored) {
        throw new InvalidModelException(
            "%s holds tensor %s, which %s does not describe."
                .formatted(folder.weights(), ModelFolder.shortened(name), ModelFolder.CONFIG));
      }
    }
    return found;
  }
}
