package io.lift.model.decoder;

import java.util.ArrayList;
import java.util.List;

/**
 * Where each published tensor lies in one flat vector of all parameters, for models that are
 * trained whole. Tensors that are multiplied together lie side by side (k v, gate up), so that the
 * fused matrix is a slice.
 *
 * @param config shape of the decoder: RMSNorm, rotary positions, no biases
 * @param vocabulary rows of the embedding table: the base vocabulary and the task's tokens, V
 * @param answers rows of the head: the tokens that can be answered, the first A of V
 * @param entries the tensors, in order
 * @param cuts where one slice ends and the next begins
 * @param size length of the vector, P
 */
public record ParameterLayout(
    DecoderConfig config, int vocabulary, int answers, List<Entry> entries, long[] cuts, int size)
    implements FlatLayout {

  /**
   * One published tensor.
   *
   * @param name as published
   * @param shape {@code (out, in)} for a matrix
   * @param offset of its first number in the vector
   */
  public record Entry(String name, long[] shape, int offset) {
    /** How many numbers it has. */
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
   * @throws IllegalArgumentException if it has biases, norms of heads, learned positions or a head
   *     that is the embedding table
   */
  public static ParameterLayout of(DecoderConfig config, int vocabulary, int answers) {
    if (!config.plain() || config.tiedEmbeddings()) {
      throw new IllegalArgumentException(
          "only decoders without biases and with a head of their own are trained whole");
    }
    TensorNames names = config.names();
    long d = config.hiddenSize();
    Builder b = new Builder();
    b.slice(names.embeddingTable(), vocabulary, d);
    for (int l = 0; l < config.layers(); l++) {
      b.slice(names.inLayer(l, names.inputNorm()) + TensorNames.WEIGHT, d);
      for (Projection site : List.of(Projection.QUERY, Projection.KEY_VALUE, Projection.OUTPUT)) {
        b.slice(config, l, site);
      }
      b.slice(names.inLayer(l, names.mlpNorm()) + TensorNames.WEIGHT, d);
      for (Projection site : List.of(Projection.UP, Projection.DOWN)) {
        b.slice(config, l, site);
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
    void slice(DecoderConfig config, int layer, Projection site) {
      starts.add(size);
      for (TensorNames.Piece piece : config.names().pieces(site)) {
        String module = config.names().module(layer, piece);
        add(module + TensorNames.WEIGHT, config.width(site, piece), config.in(site));
      }
    }

    private void add(String name, long... shape) {
      Entry entry = new Entry(name, shape, size);
      entries.add(entry);
      size = Math.addExact(size, entry.length());
    }
  }
}
