package io.lift.model.incontext.texts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lift.model.encoder.TextFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How alike texts are: the inner product of their vectors, and of their grams, which are weighted
 * by how few of the labelled rows have them (TF-IDF: (1 + ln count) · (1 + ln((1 + n) / (1 + n with
 * it))), scaled to length 1). Rows of several text columns are compared column by column.
 */
final class TextKernel {
  /** How much the grams count beside the vectors. */
  private static final double GRAMS = 2;

  private final List<Column> columns = new ArrayList<>();
  private final TextFeatures[][] texts;
  private final NDManager manager;
  private final int rows;

  /**
   * @param texts of the labelled rows, (rows, text columns)
   * @param manager of the engine
   */
  TextKernel(TextFeatures[][] texts, NDManager manager) {
    this.texts = texts;
    this.manager = manager;
    this.rows = texts.length;
    for (int c = 0; c < texts[0].length; c++) {
      columns.add(new Column(column(texts, c)));
    }
  }

  /** The labelled rows that have a gram, and its weight in each. */
  private static final class Postings {
    int[] rows = new int[2];
    float[] weights = new float[2];
    int size;
    double rarity;

    void add(int row, double weight) {
      if (size == rows.length) {
        rows = Arrays.copyOf(rows, 2 * size);
        weights = Arrays.copyOf(weights, 2 * size);
      }
      rows[size] = row;
      weights[size++] = (float) weight;
    }
  }

  private static final class Column {
    final TextFeatures[] texts;
    final Map<Integer, Postings> postings = new HashMap<>();

    Column(TextFeatures[] texts) {
      this.texts = texts;
      for (int r = 0; r < texts.length; r++) {
        for (int gram : texts[r].grams()) {
          postings.computeIfAbsent(gram, any -> new Postings()).add(r, 0);
        }
      }
      for (Postings each : postings.values()) {
        each.rarity = 1 + Math.log((1.0 + texts.length) / (1.0 + each.size));
        each.size = 0;
      }
      for (int r = 0; r < texts.length; r++) {
        double scale = 1 / length(texts[r]);
        for (int g = 0; g < texts[r].grams().length; g++) {
          Postings of = postings.get(texts[r].grams()[g]);
          of.add(r, scale * weight(texts[r].counts()[g], of));
        }
      }
    }

    static double weight(float count, Postings of) {
      return (1 + Math.log(count)) * of.rarity;
    }

    /** The length of a text's known grams; 1 if it has none. */
    double length(TextFeatures text) {
      double square = 0;
      for (int g = 0; g < text.grams().length; g++) {
        Postings of = postings.get(text.grams()[g]);
        if (of != null) {
          double weight = weight(text.counts()[g], of);
          square += weight * weight;
        }
      }
      return square == 0 ? 1 : Math.sqrt(square);
    }

    /** Adds how alike a text and each labelled row are. */
    void add(TextFeatures text, float[] to, int at, double share) {
      double scale = share * GRAMS / length(text);
      for (int g = 0; g < text.grams().length; g++) {
        Postings of = postings.get(text.grams()[g]);
        if (of == null) {
          continue;
        }
        float weight = (float) (scale * weight(text.counts()[g], of));
        for (int i = 0; i < of.size; i++) {
          to[at + of.rows[i]] += weight * of.weights[i];
        }
      }
    }
  }

  /** Of the labelled rows with each other: (rows, rows). */
  float[] square() {
    return cross(texts);
  }

  /**
   * Of other rows with the labelled ones: (queries, rows).
   *
   * @param queries (queries, text columns)
   */
  float[] cross(TextFeatures[][] queries) {
    float[] all = new float[queries.length * rows];
    for (int c = 0; c < columns.size(); c++) {
      if (texts[0][c].vector() != null) {
        float[] products = products(column(queries, c), columns.get(c).texts);
        for (int i = 0; i < all.length; i++) {
          all[i] += products[i] / columns.size();
        }
      }
      for (int q = 0; q < queries.length; q++) {
        columns.get(c).add(queries[q][c], all, q * rows, 1.0 / columns.size());
      }
    }
    return all;
  }

  /** The inner products of vectors: (queries, rows). */
  private float[] products(TextFeatures[] queries, TextFeatures[] labelled) {
    try (NDManager own = manager.newSubManager();
        NDScope scope = new NDScope()) {
      return vectors(own, queries).matMul(vectors(own, labelled).transpose()).toFloatArray();
    }
  }

  private static NDArray vectors(NDManager own, TextFeatures[] texts) {
    int width = texts[0].vector().length;
    float[] flat = new float[texts.length * width];
    for (int r = 0; r < texts.length; r++) {
      System.arraycopy(texts[r].vector(), 0, flat, r * width, width);
    }
    return own.create(flat, new Shape(texts.length, width));
  }

  private static TextFeatures[] column(TextFeatures[][] texts, int c) {
    return Arrays.stream(texts).map(row -> row[c]).toArray(TextFeatures[]::new);
  }
}
