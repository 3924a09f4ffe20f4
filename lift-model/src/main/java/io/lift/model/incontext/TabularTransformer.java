package io.lift.model.incontext;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import io.lift.model.decoder.Scalars;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The forward pass of the in-context model. Each cell becomes a vector. Blocks over cells set the
 * cells of a column against one another, by inducing vectors that read its labelled cells (Lee et
 * al., arXiv 1810.00825), and sum up the cells of a row, in a sum that the cells read in turn.
 * Blocks over rows then let every row attend to the labelled rows. The order of columns and of
 * labelled rows has no effect.
 *
 * <p>Dimensions: B tables of equal size, C columns, R rows of which the first n are labelled, Q
 * queries, F and G features of cells and rows; others as in {@link TransformerShape}.
 */
public final class TabularTransformer {
  private static final float EPSILON = 1e-5f;
  private static final long MOST_SCORES = 1 << 18; // of an attention at once

  private final TransformerShape shape;
  private final Map<String, NDArray> weights;

  /**
   * What queries need of the labelled rows.
   *
   * @param labelled n
   * @param columns of each block over cells: keys and values of its inducing vectors, (B * C, I, E)
   * @param rows of each block over rows: keys (B, H, D / H, n) and values (B, H, n, D / H)
   */
  record Memory(int labelled, List<NDList> columns, List<NDList> rows) {}

  /** The weights by name, as {@link TransformerWeights} has them. */
  public TabularTransformer(TransformerShape shape, Map<String, NDArray> weights) {
    this.shape = shape;
    this.weights = weights;
  }

  /**
   * Answers queries that come after the labelled rows.
   *
   * @param cells (B, C, R, F), see {@link CellFeatures}
   * @param rows (B, R, G), see {@link RowFeatures}
   * @param labelled n
   * @return of the R - n queries (B, Q, D)
   */
  public NDArray queries(NDArray cells, NDArray rows, int labelled) {
    return new Pass(labelled, null, false).run(cells, rows);
  }

  /** Reads labelled rows, whose arrays the caller keeps. */
  Memory read(NDArray cells, NDArray rows) {
    int labelled = (int) rows.getShape().get(1);
    Pass pass = new Pass(labelled, null, true);
    pass.run(cells, rows);
    return new Memory(labelled, pass.columns, pass.rows);
  }

  /** Answers queries after labelled rows that were read before: (B, Q, D). */
  NDArray queries(NDArray cells, NDArray rows, Memory memory) {
    return new Pass(memory.labelled(), memory, false).run(cells, rows);
  }

  /**
   * Logits of the label slots.
   *
   * @param queries (B, Q, D)
   * @param rows (B, Q, G) features of these rows
   * @return (B, Q, LABELS)
   */
  public NDArray labels(NDArray queries, NDArray rows) {
    return head("labels.", queries, rows);
  }

  /**
   * Quantiles of the target in standard deviations from its mean, not sorted.
   *
   * @return (B, Q, {@link Quantiles#COUNT})
   */
  public NDArray quantiles(NDArray queries, NDArray rows) {
    return head("quantiles.", queries, rows);
  }

  private NDArray head(String name, NDArray queries, NDArray rows) {
    NDArray hidden = linear(norm(queries, name + "norm"), name + "in").getNDArrayInternal().gelu();
    return linear(hidden, name + "out").add(rows.matMul(weights.get(name + "direct")));
  }

  private NDArray linear(NDArray x, String name) {
    return x.matMul(weights.get(name + ".weight")).add(weights.get(name + ".bias"));
  }

  private NDArray norm(NDArray x, String name) {
    NDArray gain = weights.get(name + ".weight");
    return LayerNorm.layerNorm(x, gain.getShape(), gain, weights.get(name + ".bias"), EPSILON)
        .singletonOrThrow();
  }

  private NDArray feedForward(NDArray x, String name) {
    return linear(linear(x, name + "up").getNDArrayInternal().gelu(), name + "down");
  }

  private static NDArray first(NDArray x, int axis, long count) {
    return x.getShape().get(axis) == count ? x : x.split(new long[] {count}, axis).get(0);
  }

  private static NDArray after(NDArray x, int axis, long count) {
    return count == 0 ? x : x.split(new long[] {count}, axis).get(1);
  }

  /** One pass over the rows of several tables. */
  private final class Pass {
    private final int labelled;
    private final Memory memory; // null where the labelled rows are in this pass
    private final boolean reading; // only labelled rows, to be kept
    private final double log;
    private final List<NDList> columns = new ArrayList<>();
    private final List<NDList> rows = new ArrayList<>();

    Pass(int labelled, Memory memory, boolean reading) {
      this.labelled = labelled;
      this.memory = memory;
      this.reading = reading;
      this.log = Math.log(labelled);
    }

    NDArray run(NDArray cells, NDArray rowFeatures) {
      long b = cells.getShape().get(0);
      long c = cells.getShape().get(1);
      long r = cells.getShape().get(2);
      int e = shape.cellWidth();
      NDArray known = rowFeatures.matMul(weights.get("cells.row.weight")); // (B, R, E)
      NDArray u = feedForward(cells, "cells."); // (B, C, R, E)
      u = u.add(known.reshape(b, 1, r, e));
      NDArray x = linear(rowFeatures, "rows"); // (B, R, D)
      for (int l = 0; l < shape.cellBlocks(); l++) {
        String block = "cells." + l + ".";
        u = columnBlock(u.reshape(b * c, r, e), block, l).reshape(b, c, r, e);
        x = x.add(pool(norm(u, block + "pool.norm"), block + "pool."));
        if (l < shape.cellBlocks() - 1) {
          NDArray back = linear(norm(x, block + "back.norm"), block + "back").reshape(b, 1, r, e);
          u = u.add(feedForward(norm(u, block + "mix.norm").add(back), block + "mix."));
        }
      }
      for (int l = 0; l < shape.rowBlocks(); l++) {
        x = rowBlock(x, "rows." + l + ".", l);
      }
      return x;
    }

    /** Cells of a column read its inducing vectors, which read its labelled cells. */
    private NDArray columnBlock(NDArray u, String name, int l) {
      NDArray a = norm(u, name + "norm"); // (B * C, R, E)
      NDList known =
          memory == null ? induced(first(a, 1, labelled), name) : memory.columns().get(l);
      if (reading) {
        columns.add(known);
      }
      NDArray query = a.matMul(weights.get(name + "query.weight"));
      NDArray scores = query.matMul(known.get(0).transpose(0, 2, 1)); // (B * C, R, I)
      u = u.add(scores.softmax(2).matMul(known.get(1)));
      return u.add(feedForward(norm(u, name + "mlp.norm"), name + "mlp."));
    }

    private NDList induced(NDArray a, String name) {
      NDArray scores = a.matMul(weights.get(name + "induce.weight")); // (B * C, n, I)
      scores = scores.mul(temperature(name + "induce."));
      NDArray sums = scores.transpose(0, 2, 1).softmax(2).matMul(a); // (B * C, I, E)
      NDArray h = linear(sums, name + "induced").add(weights.get(name + "inducing.weight"));
      h = h.add(feedForward(h, name + "induced."));
      NDArray key =
          Scalars.times(
              h.matMul(weights.get(name + "key.weight")), 1 / Math.sqrt(shape.cellWidth()));
      return new NDList(key, h.matMul(weights.get(name + "value.weight")));
    }

    /** Factors that sharpen an attention as rows grow: {@code scale + log(n) * slope}. */
    private NDArray temperature(String name) {
      return Scalars.times(weights.get(name + "slope"), log).add(weights.get(name + "scale"));
    }

    /** Sums up the cells of each row: (B, R, D). */
    private NDArray pool(NDArray u, String name) {
      Shape s = u.getShape(); // (B, C, R, E)
      NDArray weight = linear(u, name + "query").softmax(1); // (B, C, R, P)
      NDArray sums = weight.transpose(0, 2, 3, 1).matMul(u.transpose(0, 2, 1, 3)); // (B, R, P, E)
      return linear(sums.reshape(s.get(0), s.get(2), -1), name + "out");
    }

    /** Rows attend to the labelled rows. The last block has only queries. */
    private NDArray rowBlock(NDArray x, String name, int l) {
      boolean last = l == shape.rowBlocks() - 1;
      long d = shape.rowWidth() / shape.heads();
      NDArray a = norm(x, name + "norm"); // (B, R, D)
      NDList known = memory == null ? keys(first(a, 1, labelled), name, d) : memory.rows().get(l);
      if (reading) {
        rows.add(known);
        if (last) {
          return x;
        }
      }
      if (last && memory == null) {
        a = after(a, 1, labelled);
        x = after(x, 1, labelled);
      }
      long b = a.getShape().get(0);
      long r = a.getShape().get(1);
      NDArray query = heads(a.matMul(weights.get(name + "query.weight")), b, r, d);
      query = query.mul(temperature(name + "attention.")); // (B, H, R, d)
      NDArray mixed = attend(query, known.get(0), known.get(1));
      mixed = mixed.transpose(0, 2, 1, 3).reshape(b, r, shape.rowWidth());
      x = x.add(linear(mixed, name + "out"));
      return x.add(feedForward(norm(x, name + "mlp.norm"), name + "mlp."));
    }

    /** Rows in parts, so that their scores stay in the processor's cache. */
    private NDArray attend(NDArray query, NDArray keys, NDArray values) {
      Shape s = query.getShape(); // (B, H, R, d)
      long each = Math.max(1, MOST_SCORES / (s.get(0) * s.get(1) * labelled));
      if (s.get(2) <= each) {
        return query.matMul(keys).softmax(3).matMul(values);
      }
      long[] cuts = LongStream.iterate(each, at -> at < s.get(2), at -> at + each).toArray();
      NDList mixed = new NDList();
      for (NDArray part : query.split(cuts, 2)) {
        mixed.add(part.matMul(keys).softmax(3).matMul(values));
      }
      return NDArrays.concat(mixed, 2);
    }

    private NDList keys(NDArray a, String name, long d) {
      long b = a.getShape().get(0);
      NDArray key = heads(a.matMul(weights.get(name + "key.weight")), b, labelled, d);
      NDArray value = heads(a.matMul(weights.get(name + "value.weight")), b, labelled, d);
      return new NDList(Scalars.times(key.transpose(0, 1, 3, 2), 1 / Math.sqrt(d)), value);
    }

    private NDArray heads(NDArray x, long b, long r, long d) {
      return x.reshape(b, r, shape.heads(), d).transpose(0, 2, 1, 3);
    }
  }
}
