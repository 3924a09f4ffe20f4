package io.lift.model.incontext;

import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a {@link TabularTransformer}, in the order of its file.
 *
 * @param entries each with what it begins as
 */
public record TransformerLayout(List<Entry> entries) {
  /** What a tensor is before pretraining. */
  enum Start {
    /** Normal numbers of variance 1 / in. */
    NORMAL,
    ZERO,
    ONE,
    /** Small normal numbers, so that vectors differ. */
    SMALL,
    /** The scores of {@link RowFeatures} become logits or quantiles. */
    DIRECT
  }

  /**
   * One tensor.
   *
   * @param name in the file
   * @param shape a matrix is (in, out)
   * @param start before pretraining
   * @param hidden whether it is a matrix between hidden vectors, which Muon updates
   */
  public record Entry(String name, long[] shape, Start start, boolean hidden) {
    /** The number of parameters. */
    public int length() {
      long length = 1;
      for (long dimension : shape) {
        length *= dimension;
      }
      return Math.toIntExact(length);
    }
  }

  /** All tensors of a shape. */
  public static TransformerLayout of(TransformerShape shape) {
    int e = shape.cellWidth();
    int d = shape.rowWidth();
    Builder b = new Builder();
    b.linear("cells.up", CellFeatures.SIZE, 2 * e, Start.NORMAL);
    b.linear("cells.down", 2 * e, e, Start.NORMAL);
    b.matrix("cells.row", RowFeatures.SIZE, e, Start.NORMAL);
    b.linear("rows", RowFeatures.SIZE, d, Start.NORMAL);
    for (int l = 0; l < shape.cellBlocks(); l++) {
      b.cellBlock("cells." + l + ".", shape, l == shape.cellBlocks() - 1);
    }
    for (int l = 0; l < shape.rowBlocks(); l++) {
      b.rowBlock("rows." + l + ".", shape);
    }
    b.head("labels.", d, RowFeatures.LABELS);
    b.head("quantiles.", d, Quantiles.COUNT);
    return new TransformerLayout(List.copyOf(b.entries));
  }

  private static final class Builder {
    final List<Entry> entries = new ArrayList<>();

    void cellBlock(String name, TransformerShape shape, boolean last) {
      int e = shape.cellWidth();
      norm(name + "norm", e);
      matrix(name + "induce", e, shape.inducing(), Start.NORMAL);
      vector(name + "induce.slope", Start.ZERO, shape.inducing());
      vector(name + "induce.scale", Start.ONE, shape.inducing());
      linear(name + "induced", e, e, Start.NORMAL);
      vector(name + "inducing.weight", Start.SMALL, shape.inducing(), e);
      feedForward(name + "induced.", e);
      matrix(name + "key", e, e, Start.NORMAL);
      matrix(name + "value", e, e, Start.ZERO);
      matrix(name + "query", e, e, Start.NORMAL);
      norm(name + "mlp.norm", e);
      feedForward(name + "mlp.", e);
      norm(name + "pool.norm", e);
      linear(name + "pool.query", e, shape.pools(), Start.NORMAL);
      linear(name + "pool.out", shape.pools() * e, shape.rowWidth(), Start.NORMAL);
      if (!last) {
        norm(name + "back.norm", shape.rowWidth());
        linear(name + "back", shape.rowWidth(), e, Start.NORMAL);
        norm(name + "mix.norm", e);
        feedForward(name + "mix.", e);
      }
    }

    void rowBlock(String name, TransformerShape shape) {
      int d = shape.rowWidth();
      norm(name + "norm", d);
      matrix(name + "query", d, d, Start.NORMAL);
      matrix(name + "key", d, d, Start.NORMAL);
      matrix(name + "value", d, d, Start.NORMAL);
      vector(name + "attention.slope", Start.ZERO, shape.heads(), 1, 1);
      vector(name + "attention.scale", Start.ONE, shape.heads(), 1, 1);
      linear(name + "out", d, d, Start.ZERO);
      norm(name + "mlp.norm", d);
      feedForward(name + "mlp.", d);
    }

    void head(String name, int d, int out) {
      norm(name + "norm", d);
      linear(name + "in", d, d, Start.NORMAL);
      linear(name + "out", d, out, Start.ZERO);
      vector(name + "direct", Start.DIRECT, RowFeatures.SIZE, out);
    }

    void feedForward(String name, int width) {
      linear(name + "up", width, 2 * width, Start.NORMAL);
      linear(name + "down", 2 * width, width, Start.ZERO);
    }

    void norm(String name, int width) {
      vector(name + ".weight", Start.ONE, width);
      vector(name + ".bias", Start.ZERO, width);
    }

    void linear(String name, int in, int out, Start start) {
      matrix(name, in, out, start);
      vector(name + ".bias", Start.ZERO, out);
    }

    void matrix(String name, int in, int out, Start start) {
      boolean inner = !name.startsWith("labels.") && !name.startsWith("quantiles.");
      boolean features = in == CellFeatures.SIZE || in == RowFeatures.SIZE;
      entries.add(new Entry(name + ".weight", new long[] {in, out}, start, inner && !features));
    }

    void vector(String name, Start start, long... shape) {
      entries.add(new Entry(name, shape, start, false));
    }
  }
}
