package io.lift.checkpoint.published;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The architecture of a language model: everything that differs between families and sizes. {@link
 * PublishedConfig} reads it from the {@code config.json} of a published model. Most are decoders,
 * whose tokens see those before them. An encoder's tokens see each other, and it has no head.
 *
 * @param names the names of the tensors
 * @param vocabSize rows of the embedding table, V
 * @param hiddenSize width of the residual stream, D
 * @param intermediateSize width inside the MLP, I
 * @param layers number of decoder layers
 * @param heads attention heads, H
 * @param keyValueHeads heads of keys and values, K; each serves H / K neighbouring query heads
 *     (grouped-query attention)
 * @param headSize width of a head, S
 * @param layerNorm true for LayerNorm (subtracts the mean, has a bias), false for RMSNorm
 * @param normEps added to the variance or mean square
 * @param queryKeyNorm whether each head's query and key pass an RMSNorm
 * @param rotary rotary positions; null for a learned table of positions
 * @param residual how attention and MLP are added
 * @param encoder whether tokens see each other, embeddings have types and a norm, and there is no
 *     head
 * @param gated whether the MLP has a gate
 * @param activation the MLP's activation
 * @param queryKeyValueBias whether query, key and value have a bias
 * @param outputBias whether the attention's output has a bias
 * @param mlpBias whether the MLP's products have a bias
 * @param headBias whether the head has a bias
 * @param tiedEmbeddings whether the head's matrix is the embedding table
 * @param maxPositions longest sequence, in tokens
 */
public record DecoderConfig(
    TensorNames names,
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    boolean layerNorm,
    double normEps,
    boolean queryKeyNorm,
    Rotary rotary,
    Residual residual,
    boolean encoder,
    boolean gated,
    Activation activation,
    boolean queryKeyValueBias,
    boolean outputBias,
    boolean mlpBias,
    boolean headBias,
    boolean tiedEmbeddings,
    int maxPositions) {

  /** Whether all parameters are matrices stored (out, in) and RMSNorm gains. */
  public boolean plain() {
    return !layerNorm
        && !queryKeyNorm
        && rotary != null
        && residual == Residual.PRE_NORM
        && !encoder
        && !(queryKeyValueBias || outputBias || mlpBias || headBias)
        && !names.inputFirst();
  }

  /** Whether attention and MLP read the same norm. */
  public boolean parallel() {
    return residual == Residual.PARALLEL;
  }

  /** Query heads that share one key head, G = H / K. */
  public int queriesPerKey() {
    return heads / keyValueHeads;
  }

  /** The number of inputs of a product. */
  public int inputSize(Projection projection) {
    return switch (projection) {
      case QUERY, KEY_VALUE, UP, HEAD -> hiddenSize;
      case OUTPUT -> heads * headSize;
      case DOWN -> intermediateSize;
    };
  }

  /** The number of outputs of a product. */
  public int outputSize(Projection projection) {
    return switch (projection) {
      case QUERY -> heads * headSize;
      case KEY_VALUE -> 2 * keyValueHeads * headSize;
      case OUTPUT, DOWN -> hiddenSize;
      case UP -> gated ? 2 * intermediateSize : intermediateSize;
      case HEAD -> vocabSize;
    };
  }

  /** Whether a product has a bias. */
  public boolean hasBias(Projection projection) {
    return switch (projection) {
      case QUERY, KEY_VALUE -> queryKeyValueBias;
      case OUTPUT -> outputBias;
      case UP, DOWN -> mlpBias;
      case HEAD -> headBias;
    };
  }

  /** All published linear layers in order, the head last. */
  public List<PublishedLinear> linears() {
    Map<String, PublishedLinear> linears = new LinkedHashMap<>();
    for (int l = 0; l < layers; l++) {
      for (Projection projection : Projection.values()) {
        if (projection != Projection.HEAD) {
          addLinears(l, projection, linears);
        }
      }
    }
    if (!encoder) {
      addLinears(PublishedLinear.NO_LAYER, Projection.HEAD, linears);
    }
    return List.copyOf(linears.values());
  }

  private void addLinears(int layer, Projection projection, Map<String, PublishedLinear> linears) {
    int column = 0;
    for (TensorNames.Piece piece : names.pieces(projection)) {
      int width = width(projection, piece);
      String module = names.module(layer, piece);
      PublishedLinear.Slice slice =
          new PublishedLinear.Slice(projection, column, width, outputSize(projection));
      linears.merge(
          module,
          new PublishedLinear(module, layer, inputSize(projection), width, List.of(slice)),
          PublishedLinear::and);
      column += width;
    }
  }

  /** The number of a product's columns that one published piece provides. */
  public int width(Projection projection, TensorNames.Piece piece) {
    int shares = 0;
    for (TensorNames.Piece p : names.pieces(projection)) {
      shares += p.to() - p.from();
    }
    return outputSize(projection) / shares * (piece.to() - piece.from());
  }
}
