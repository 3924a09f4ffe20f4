package io.lift.model.decoder;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that tells one decoder from another. {@link PublishedConfig} reads it from the {@code
 * config.json} of a published model.
 *
 * @param names what the tensors are called
 * @param vocabSize rows of the embedding table, V
 * @param hiddenSize width of the residual stream, D
 * @param intermediateSize width inside the MLP, I
 * @param layers decoder layers
 * @param heads attention heads, H
 * @param keyValueHeads heads of keys and values, K; each serves H / K neighbouring heads
 * @param headSize width of a head, S
 * @param layerNorm whether norms subtract the mean and have a bias (LayerNorm), or not (RMSNorm)
 * @param normEps added to the variance or mean square
 * @param queryKeyNorm whether each head's query and key pass an RMSNorm
 * @param rotary how positions turn queries and keys; null for a learned table of positions
 * @param parallel whether attention and MLP read the same norm and are added together (GPT-J)
 * @param gated whether the MLP has a gate
 * @param activation of the MLP
 * @param queryKeyValueBias whether the products have a bias
 * @param outputBias the same for attention's output
 * @param mlpBias the same for the MLP
 * @param headBias the same for the head
 * @param tiedEmbeddings whether the head is the embedding table
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
    boolean parallel,
    boolean gated,
    Activation activation,
    boolean queryKeyValueBias,
    boolean outputBias,
    boolean mlpBias,
    boolean headBias,
    boolean tiedEmbeddings,
    int maxPositions) {

  /** Whether its parameters are nothing but matrices and RMSNorms. */
  public boolean plain() {
    return !layerNorm
        && !queryKeyNorm
        && rotary != null
        && !parallel
        && !(queryKeyValueBias || outputBias || mlpBias || headBias)
        && !names.inputFirst();
  }

  /** Queries that share a key. */
  public int queriesPerKey() {
    return heads / keyValueHeads;
  }

  /** Width of what a product reads. */
  public int in(Projection site) {
    return switch (site) {
      case QUERY, KEY_VALUE, UP, HEAD -> hiddenSize;
      case OUTPUT -> heads * headSize;
      case DOWN -> intermediateSize;
    };
  }

  /** Width of what a product makes. */
  public int out(Projection site) {
    return switch (site) {
      case QUERY -> heads * headSize;
      case KEY_VALUE -> 2 * keyValueHeads * headSize;
      case OUTPUT, DOWN -> hiddenSize;
      case UP -> gated ? 2 * intermediateSize : intermediateSize;
      case HEAD -> vocabSize;
    };
  }

  /** Whether a product has a bias. */
  public boolean bias(Projection site) {
    return switch (site) {
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
      for (Projection site : Projection.values()) {
        if (site != Projection.HEAD) {
          addLinears(l, site, linears);
        }
      }
    }
    addLinears(Adapter.Place.NO_LAYER, Projection.HEAD, linears);
    return List.copyOf(linears.values());
  }

  private void addLinears(int layer, Projection site, Map<String, PublishedLinear> linears) {
    int column = 0;
    for (TensorNames.Piece piece : names.pieces(site)) {
      int width = width(site, piece);
      PublishedLinear.Slice slice = new PublishedLinear.Slice(site, column, width, out(site));
      linears.merge(
          names.module(layer, piece),
          new PublishedLinear(names.module(layer, piece), layer, in(site), width, List.of(slice)),
          PublishedLinear::and);
      column += width;
    }
  }

  /** Columns of a product that are one piece's. */
  int width(Projection site, TensorNames.Piece piece) {
    int shares = 0;
    for (TensorNames.Piece p : names.pieces(site)) {
      shares += p.to() - p.from();
    }
    return out(site) / shares * (piece.to() - piece.from());
  }
}
