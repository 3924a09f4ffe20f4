package io.lift.checkpoint.published;

import java.util.List;
import java.util.Map;

/**
 * The names of the tensors in one family of published models, and how published layers make up the
 * decoder's fused products.
 *
 * @param root prefix of every name but the head's
 * @param embedding the embedding table
 * @param positions the table of learned positions, or null
 * @param types the table of token types, or null
 * @param embeddingNorm the norm of embedded tokens, or null
 * @param layer prefix of a layer, with {@code %d} for its number
 * @param inputNorm the norm before attention; after it where norms follow the sums
 * @param mlpNorm the norm before or after the MLP; null if the MLP has none of its own
 * @param queryNorm the norm of queries; null if there is none
 * @param keyNorm the norm of keys; null if there is none
 * @param norm the norm before the head; null where there is no head
 * @param linears the published pieces of each product, side by side
 * @param inputFirst true if matrices are stored (in, out), as in GPT-2; false for (out, in)
 */
public record TensorNames(
    String root,
    String embedding,
    String positions,
    String types,
    String embeddingNorm,
    String layer,
    String inputNorm,
    String mlpNorm,
    String queryNorm,
    String keyNorm,
    String norm,
    Map<Projection, List<Piece>> linears,
    boolean inputFirst) {

  /**
   * Columns of a published linear layer. Its outputs are cut into equal shares.
   *
   * @param module name of the layer's module
   * @param from the first share that belongs to the product
   * @param to the share after the last
   * @param of number of equal shares in the layer
   */
  public record Piece(String module, int from, int to, int of) {
    static Piece whole(String module) {
      return new Piece(module, 0, 1, 1);
    }
  }

  /** Suffix of a matrix or a norm's gain. */
  public static final String WEIGHT = ".weight";

  /** Suffix of a bias. */
  public static final String BIAS = ".bias";

  /** Llama, Qwen2, Qwen3, SmolLM2. */
  public static final TensorNames LLAMA =
      new TensorNames(
          "model.",
          "embed_tokens",
          null,
          null,
          null,
          "layers.%d.",
          "input_layernorm",
          "post_attention_layernorm",
          "self_attn.q_norm",
          "self_attn.k_norm",
          "norm",
          Map.of(
              Projection.QUERY, List.of(Piece.whole("self_attn.q_proj")),
              Projection.KEY_VALUE,
                  List.of(Piece.whole("self_attn.k_proj"), Piece.whole("self_attn.v_proj")),
              Projection.OUTPUT, List.of(Piece.whole("self_attn.o_proj")),
              Projection.UP, List.of(Piece.whole("mlp.gate_proj"), Piece.whole("mlp.up_proj")),
              Projection.DOWN, List.of(Piece.whole("mlp.down_proj")),
              Projection.HEAD, List.of(Piece.whole("lm_head"))),
          false);

  /** GPT-2, where one matrix holds queries, keys and values. */
  public static final TensorNames GPT2 =
      new TensorNames(
          "transformer.",
          "wte",
          "wpe",
          null,
          null,
          "h.%d.",
          "ln_1",
          "ln_2",
          null,
          null,
          "ln_f",
          Map.of(
              Projection.QUERY, List.of(new Piece("attn.c_attn", 0, 1, 3)),
              Projection.KEY_VALUE, List.of(new Piece("attn.c_attn", 1, 3, 3)),
              Projection.OUTPUT, List.of(Piece.whole("attn.c_proj")),
              Projection.UP, List.of(Piece.whole("mlp.c_fc")),
              Projection.DOWN, List.of(Piece.whole("mlp.c_proj")),
              Projection.HEAD, List.of(Piece.whole("lm_head"))),
          true);

  /** GPT-J. */
  public static final TensorNames GPTJ =
      new TensorNames(
          "transformer.",
          "wte",
          null,
          null,
          null,
          "h.%d.",
          "ln_1",
          null,
          null,
          null,
          "ln_f",
          Map.of(
              Projection.QUERY, List.of(Piece.whole("attn.q_proj")),
              Projection.KEY_VALUE, List.of(Piece.whole("attn.k_proj"), Piece.whole("attn.v_proj")),
              Projection.OUTPUT, List.of(Piece.whole("attn.out_proj")),
              Projection.UP, List.of(Piece.whole("mlp.fc_in")),
              Projection.DOWN, List.of(Piece.whole("mlp.fc_out")),
              Projection.HEAD, List.of(Piece.whole("lm_head"))),
          false);

  /** BERT and its smaller relatives, such as MiniLM and E5. */
  public static final TensorNames BERT =
      new TensorNames(
          "bert.",
          "embeddings.word_embeddings",
          "embeddings.position_embeddings",
          "embeddings.token_type_embeddings",
          "embeddings.LayerNorm",
          "encoder.layer.%d.",
          "attention.output.LayerNorm",
          "output.LayerNorm",
          null,
          null,
          null,
          Map.of(
              Projection.QUERY, List.of(Piece.whole("attention.self.query")),
              Projection.KEY_VALUE,
                  List.of(Piece.whole("attention.self.key"), Piece.whole("attention.self.value")),
              Projection.OUTPUT, List.of(Piece.whole("attention.output.dense")),
              Projection.UP, List.of(Piece.whole("intermediate.dense")),
              Projection.DOWN, List.of(Piece.whole("output.dense"))),
          false);

  /** The pieces of a product, side by side. */
  public List<Piece> pieces(Projection projection) {
    return linears.get(projection);
  }

  /** The published name of a piece's module. */
  public String module(int layer, Piece piece) {
    return layer == PublishedLinear.NO_LAYER ? piece.module() : inLayer(layer, piece.module());
  }

  /** The published name of a part of a layer. */
  public String inLayer(int number, String name) {
    return root + String.format(layer, number) + name;
  }

  /** The published name of the embedding table. */
  public String embeddingTable() {
    return root + embedding + WEIGHT;
  }

  /** The published name of the table of learned positions. */
  public String positionTable() {
    return root + positions + WEIGHT;
  }

  /** The published name of the table of token types. */
  public String typeTable() {
    return root + types + WEIGHT;
  }

  /** The published name of the head's matrix. */
  public String headTable() {
    return pieces(Projection.HEAD).get(0).module() + WEIGHT;
  }
}
