package io.lift.model.decoder;

import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.Projection;
import io.lift.checkpoint.published.TensorNames;
import java.util.ArrayList;
import java.util.List;

/**
 * The place of each published tensor in one flat vector of all parameters, for models that are
 * trained in full. Tensors of one fused product are neighbours (k v, gate up), so that the fused
 * matrix is a slice.
 *
 * @param config architecture of the decoder: RMSNorm, rotary positions, no biases
 * @param vocabulary rows of the embedding table: the base vocabulary and the task's tokens, V
 * @param answers rows of the head, A: only the first A of V tokens can be generated
 * @param entries the tensors, in order
 * @param cuts offsets at which a new slice begins
 * @param size length of the vector, P
 */
public record ParameterLayout(
    DecoderConfig config, int vocabulary, int answers, List<Entry> entries, long[] cuts, int size)
    implements FlatLayout {

  /**
   * One published tensor.
   *
   * @param name published name
   * @param shape {@code (out, in)} for a matrix
   * @param offset of its first number in the vector
   */
  public record Entry(String name, long[] shape, int offset) {
    /** The number of parameters. */
    public int length() {
      long length = 1;
      for (long dimension : shape) {
        length *= dimension;
      }
      return Math.toIntExact(length);
    }
  }

  /**
   * The layout of a decoder.
   *
   * @throws IllegalArgumentException if the decoder has biases, norms of heads, learned positions
   *     or a head that is the embedding table
   */
  public static ParameterLayout of(DecoderConfig config, int vocabulary, int answers) {
    if (!config.plain() || config.tiedEmbeddings()) {
      throw new IllegalArgumentException(
          "only decoders without biases and with an untied head can be trained in full");
    }
    TensorNames names = config.names();
    long d = config.hiddenSize();
    Builder b = new Builder();
    b.slice(names.embeddingTable(), vocabulary, d);
    for (int l = 0; l < config.layers(); l++) {
      b.slice(names.inLayer(l, names.inputNorm()) + TensorNames.WEIGHT, d);
      for (Projection projection :
          List.of(Projection.QUERY, Projection.KEY_VALUE, Projection.OUTPUT)) {
        b.slice(config, l, projection);
      }
      b.slice(names.inLayer(l, names.mlpNorm()) + TensorNames.WEIGHT, d);
      for (Projection projection : List.of(Projection.UP, Projection.DOWN)) {
        b.slice(config, l, projection);
      }
    }
    b.slice(names.root() + names.norm() + TensorNames.WEIGHT, d);
    b.slice(names.headTable(), answers, d);
    long[] cuts = b.starts.stream().skip(1).mapToLong(i -> i).toArray();
    return new ParameterLayout(config, vocabulary, answers, List.copyOf(b.entries), cuts, b.size);
  }

  private static final class Builder {
    final List<Entry> entries = new ArrayList<>();
    final List<Integer> starts = new ArrayList<>();
    int size;

    /** A slice that is one tensor. */
    void slice(String name, long... shape) {
      starts.add(size);
      add(name, shape);
    }

    /** A slice of all tensors of a product. */
    void slice(DecoderConfig config, int layer, Projection projection) {
      starts.add(size);
      for (TensorNames.Piece piece : config.names().pieces(projection)) {
        String module = config.names().module(layer, piece);
        long width = config.width(projection, piece);
        add(module + TensorNames.WEIGHT, width, config.inputSize(projection));
      }
    }

    private void add(String name, long... shape) {
      Entry entry = new Entry(name, shape, size);
      entries.add(entry);
      size = Math.addExact(size, entry.length());
    }
  }
}
