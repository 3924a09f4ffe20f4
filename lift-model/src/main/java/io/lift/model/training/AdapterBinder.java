package io.lift.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.lift.checkpoint.PeftConfig;
import io.lift.checkpoint.published.PublishedLinear;
import io.lift.checkpoint.published.PublishedLinear.Slice;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.Adapter.Target;
import io.lift.model.decoder.LoraUpdate;
import io.lift.model.training.AdapterLayout.Pair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Makes the decoder's adapter of the flat vector of an {@link AdapterLayout}. */
final class AdapterBinder {
  private AdapterBinder() {}

  /**
   * The adapter in the decoder's form, as views of the vector.
   *
   * @param pieces the vector cut at {@link AdapterLayout#cuts}, each (1, n)
   * @param dropout before A; 0 when not training
   */
  static Adapter bind(AdapterLayout layout, NDList pieces, double dropout) {
    List<Pair> pairs = layout.pairs();
    PeftConfig config = layout.config();
    Map<Target, List<Part>> parts = new LinkedHashMap<>();
    int piece = 0;
    for (int p = 0; p < pairs.size(); ) {
      int layer = pairs.get(p).linear().layer();
      List<Pair> together = new ArrayList<>();
      for (; p < pairs.size() && pairs.get(p).linear().layer() == layer; p++) {
        together.add(pairs.get(p));
      }
      cut(pieces.get(piece++), config.rank(), together, parts);
    }
    Map<Target, LoraUpdate> updates = new LinkedHashMap<>();
    double scale = config.alpha() / config.rank();
    parts.forEach((target, each) -> updates.put(target, joined(each, scale, (float) dropout)));
    return new Adapter(updates);
  }

  /**
   * Some outputs of one adapted layer within a product.
   *
   * @param a (in, r)
   * @param b (r, width)
   */
  private record Part(NDArray a, NDArray b, Slice slice) {}

  private static void cut(NDArray piece, int r, List<Pair> pairs, Map<Target, List<Part>> parts) {
    int start = pairs.get(0).a();
    long[] cuts = // between all matrices
        pairs.stream()
            .flatMapToLong(p -> LongStream.of(p.a() - start, p.b() - start))
            .skip(1)
            .toArray();
    NDList matrices = piece.split(cuts, 1);
    for (int p = 0; p < pairs.size(); p++) {
      PublishedLinear linear = pairs.get(p).linear();
      NDArray a = matrices.get(2 * p).reshape(new Shape(r, linear.in())).transpose(); // (in, r)
      NDArray b = matrices.get(2 * p + 1).reshape(new Shape(linear.out(), r)).transpose();
      long[] columns = new long[linear.slices().size() - 1];
      long column = 0;
      for (int s = 0; s < columns.length; s++) {
        column += linear.slices().get(s).width();
        columns[s] = column;
      }
      NDList outputs = columns.length == 0 ? new NDList(b) : b.split(columns, 1);
      for (int s = 0; s < linear.slices().size(); s++) {
        Slice slice = linear.slices().get(s);
        parts
            .computeIfAbsent(
                new Target(linear.layer(), slice.projection()), target -> new ArrayList<>())
            .add(new Part(a, outputs.get(s), slice));
      }
    }
  }

  /** Layers that share a product share one update, whose B is zero outside its diagonal blocks. */
  private static LoraUpdate joined(List<Part> parts, double scale, float dropout) {
    Part first = parts.get(0);
    if (parts.size() == 1 && first.slice().width() == first.slice().projectionWidth()) {
      return new LoraUpdate(first.a(), first.b(), scale, dropout);
    }
    NDList a = new NDList();
    NDList b = new NDList();
    for (Part part : parts) {
      Slice slice = part.slice();
      int after = slice.projectionWidth() - slice.column() - slice.width();
      NDList row = new NDList();
      if (slice.column() > 0) {
        row.add(zeros(part.b(), slice.column()));
      }
      row.add(part.b());
      if (after > 0) {
        row.add(zeros(part.b(), after));
      }
      a.add(part.a());
      b.add(NDArrays.concat(row, 1));
    }
    return new LoraUpdate(NDArrays.concat(a, 1), NDArrays.concat(b, 0), scale, dropout);
  }

  private static NDArray zeros(NDArray like, int columns) {
    Shape shape = new Shape(like.getShape().get(0), columns);
    return like.getManager().zeros(shape, like.getDataType());
  }
}
