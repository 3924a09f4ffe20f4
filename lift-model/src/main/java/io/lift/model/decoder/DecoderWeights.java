package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The parameters of M ensemble members, laid out for products from the right. Members of the same
 * shape share every operation this way. A published model has M = 1.
 *
 * @param members M
 * @param embedding (M * V, D)
 * @param positions learned positions, (P, D), or null; of an encoder with the type of its tokens
 * @param embeddingNorm of an encoder's embedded tokens, or null
 * @param layers from input to output
 * @param norm before the head; null for an encoder
 * @param head (M, D, V); null for an encoder
 */
public record DecoderWeights(
    int members,
    NDArray embedding,
    NDArray positions,
    Norm embeddingNorm,
    List<Layer> layers,
    Norm norm,
    Linear head) {

  /**
   * A norm's parameters, in float32.
   *
   * @param gain (M, 1, width)
   * @param bias (M, 1, width), or null
   */
  public record Norm(NDArray gain, NDArray bias) {}

  /**
   * One decoder layer.
   *
   * @param inputNorm before attention; in an encoder after it
   * @param query (M, D, H * S)
   * @param keyValue (M, D, 2 * K * S)
   * @param queryNorm of each head, or null
   * @param keyNorm of each head, or null
   * @param output (M, H * S, D)
   * @param mlpNorm before the MLP, in an encoder after it; null where the MLP reads the input of
   *     the attention
   * @param up (M, D, 2 * I), or (M, D, I) without a gate
   * @param down (M, I, D)
   */
  public record Layer(
      Norm inputNorm,
      Linear query,
      Linear keyValue,
      Norm queryNorm,
      Norm keyNorm,
      Linear output,
      Norm mlpNorm,
      Linear up,
      Linear down) {

    private Stream<NDArray> arrays() {
      return Stream.concat(
          Stream.of(query, keyValue, output, up, down)
              .flatMap(linear -> Stream.of(linear.weight(), linear.bias())),
          Stream.of(inputNorm, queryNorm, keyNorm, mlpNorm)
              .filter(Objects::nonNull)
              .flatMap(norm -> Stream.of(norm.gain(), norm.bias())));
    }
  }

  /**
   * The number of parameters.
   *
   * @param tied whether the head is the embedding table, which is then counted once
   */
  public long parameters(boolean tied) {
    Stream<NDArray> outer =
        Stream.of(
                Stream.of(embedding, positions),
                Stream.of(embeddingNorm, norm)
                    .filter(Objects::nonNull)
                    .flatMap(each -> Stream.of(each.gain(), each.bias())),
                head == null
                    ? Stream.<NDArray>of()
                    : Stream.of(tied ? null : head.weight(), head.bias()))
            .flatMap(arrays -> arrays);
    Stream<NDArray> inner = layers.stream().flatMap(Layer::arrays);
    return Stream.concat(outer, inner).filter(Objects::nonNull).mapToLong(NDArray::size).sum();
  }

  /** The same with another head. */
  public DecoderWeights with(Linear newHead) {
    return new DecoderWeights(members, embedding, positions, embeddingNorm, layers, norm, newHead);
  }

  /** The type in which the products are computed. */
  public DataType type() {
    return embedding.getDataType();
  }

  /**
   * Weights that are views into one array of all parameters.
   *
   * @param flat (M, P) in the order of the layout
   */
  public static DecoderWeights of(ParameterLayout layout, NDArray flat, int members) {
    DecoderConfig config = layout.config();
    Cutter cut = new Cutter(layout, flat, members);
    NDArray table = cut.matrix(layout.vocabulary(), config.hiddenSize()); // (M, V, D)
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < config.layers(); l++) {
      layers.add(
          new Layer(
              cut.norm(config.hiddenSize()),
              cut.linear(config, Projection.QUERY),
              cut.linear(config, Projection.KEY_VALUE),
              null,
              null,
              cut.linear(config, Projection.OUTPUT),
              cut.norm(config.hiddenSize()),
              cut.linear(config, Projection.UP),
              cut.linear(config, Projection.DOWN)));
    }
    Norm norm = cut.norm(config.hiddenSize());
    NDArray head = cut.matrix(layout.answers(), config.hiddenSize()); // (M, A, D)
    return new DecoderWeights(
        members,
        table.reshape(new Shape((long) members * layout.vocabulary(), config.hiddenSize())),
        null,
        null,
        layers,
        norm,
        new Linear(head.transpose(0, 2, 1), null));
  }

  /** Hands out the slices in order. One split makes backward one concatenation. */
  private static final class Cutter {
    private final NDList parts;
    private final int members;
    private int next;

    Cutter(ParameterLayout layout, NDArray flat, int members) {
      this.members = members;
      this.parts = flat.split(layout.cuts(), 1);
    }

    NDArray matrix(long rows, long columns) {
      return parts.get(next++).reshape(new Shape(members, rows, columns));
    }

    Norm norm(int width) {
      return new Norm(matrix(1, width), null);
    }

    Linear linear(DecoderConfig config, Projection projection) {
      NDArray matrix = matrix(config.outputSize(projection), config.inputSize(projection));
      return new Linear(matrix.transpose(0, 2, 1), null);
    }
  }
}
