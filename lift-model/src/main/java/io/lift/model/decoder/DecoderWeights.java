package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of M members as views into one array, ready to be multiplied from the right. M
 * models that are trained side by side share every operation this way.
 *
 * @param members M
 * @param embedding (M * V, D)
 * @param layers from input to output
 * @param norm (M, 1, D)
 * @param head (M, D, V)
 */
public record DecoderWeights(
    int members, NDArray embedding, List<Layer> layers, NDArray norm, NDArray head) {

  /**
   * One decoder layer.
   *
   * @param inputNorm (M, 1, D)
   * @param query (M, D, D)
   * @param keyValue (M, D, 2D)
   * @param output (M, D, D)
   * @param mlpNorm (M, 1, D)
   * @param gateUp (M, D, 2I)
   * @param down (M, I, D)
   */
  public record Layer(
      NDArray inputNorm,
      NDArray query,
      NDArray keyValue,
      NDArray output,
      NDArray mlpNorm,
      NDArray gateUp,
      NDArray down) {}

  /**
   * @param flat (M, P)
   */
  public static DecoderWeights of(ParameterLayout layout, NDArray flat, int members) {
    DecoderConfig config = layout.config();
    long d = config.hiddenSize();
    long i = config.intermediateSize();
    long v = layout.vocabulary();
    Cutter cut = new Cutter(layout, flat, members);
    NDArray table = cut.matrix(v, d); // (M, V, D)
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < config.layers(); l++) {
      layers.add(
          new Layer(
              cut.matrix(1, d),
              transposed(cut.matrix(d, d)),
              transposed(cut.matrix(2 * d, d)),
              transposed(cut.matrix(d, d)),
              cut.matrix(1, d),
              transposed(cut.matrix(2 * i, d)),
              transposed(cut.matrix(d, i))));
    }
    NDArray norm = cut.matrix(1, d);
    NDArray head = transposed(config.tiedEmbeddings() ? table : cut.matrix(v, d));
    return new DecoderWeights(
        members, table.reshape(new Shape(members * v, d)), layers, norm, head);
  }

  private static NDArray transposed(NDArray matrices) {
    return matrices.transpose(0, 2, 1);
  }

  /** Hands out the slices in order; one split, so that backward is one concatenation. */
  private static final class Cutter {
    private final NDList parts;
    private final int members;
    private int next;

    Cutter(ParameterLayout layout, NDArray flat, int members) {
      this.members = members;
      this.parts = flat.split(cuts(layout), 1);
    }

    NDArray matrix(long rows, long columns) {
      return parts.get(next++).reshape(new Shape(members, rows, columns));
    }

    private static long[] cuts(ParameterLayout layout) {
      return layout.entries().stream()
          .filter(e -> e.offset() > 0)
          .filter(e -> !e.name().endsWith("v_proj.weight") && !e.name().endsWith("up_proj.weight"))
          .mapToLong(ParameterLayout.Entry::offset)
          .toArray();
    }
  }
}
