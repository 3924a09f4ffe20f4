package io.lift.model.decoder;

import java.util.ArrayList;
import java.util.List;

/**
 * Where each published tensor lies in one flat vector of all parameters. Tensors that are
 * multiplied together lie side by side (q k v, gate up), so that the fused matrix is a slice.
 *
 * @param config shape of the decoder
 * @param vocabulary rows of the embedding table: the base vocabulary and the task's tokens, V
 * @param entries the tensors, in order
 * @param size length of the vector, P
 */
public record ParameterLayout(DecoderConfig config, int vocabulary, List<Entry> entries, int size) {

  public static final String EMBEDDING = "model.embed_tokens.weight";

  /**
   * One published tensor.
   *
   * @param name as in a Llama checkpoint
   * @param shape {@code (out, in)} for a matrix
   * @param offset of its first number in the vector
   */
  public record Entry(String name, long[] shape, int offset) {
    public int length() {
      long length = 1;
      for (long dimension : shape) {
        length *= dimension;
      }
      return Math.toIntExact(length);
    }

    /** Matrices decay, norms do not. */
    public boolean decays() {
      return shape.length > 1;
    }
  }

  public static ParameterLayout of(DecoderConfig config, int vocabulary) {
    long d = config.hiddenSize();
    long i = config.intermediateSize();
    Builder b = new Builder();
    b.add(EMBEDDING, vocabulary, d);
    for (int l = 0; l < config.layers(); l++) {
      String layer = "model.layers." + l + ".";
      b.add(layer + "input_layernorm.weight", d);
      b.add(layer + "self_attn.q_proj.weight", d, d);
      b.add(layer + "self_attn.k_proj.weight", d, d);
      b.add(layer + "self_attn.v_proj.weight", d, d);
      b.add(layer + "self_attn.o_proj.weight", d, d);
      b.add(layer + "post_attention_layernorm.weight", d);
      b.add(layer + "mlp.gate_proj.weight", i, d);
      b.add(layer + "mlp.up_proj.weight", i, d);
      b.add(layer + "mlp.down_proj.weight", d, i);
    }
    b.add("model.norm.weight", d);
    if (!config.tiedEmbeddings()) {
      b.add("lm_head.weight", vocabulary, d);
    }
    return new ParameterLayout(config, vocabulary, List.copyOf(b.entries), b.size);
  }

  /** One weight per parameter: {@code decay} for matrices, 0 for norms; length P. */
  public float[] decay(double decay) {
    float[] each = new float[size];
    for (Entry e : entries) {
      if (e.decays()) {
        java.util.Arrays.fill(each, e.offset(), e.offset() + e.length(), (float) decay);
      }
    }
    return each;
  }

  private static final class Builder {
    final List<Entry> entries = new ArrayList<>();
    int size;

    void add(String name, long... shape) {
      Entry entry = new Entry(name, shape, size);
      entries.add(entry);
      size = Math.addExact(size, entry.length());
    }
  }
}
