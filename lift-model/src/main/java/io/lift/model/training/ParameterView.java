package io.lift.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.FlatLayout;
import io.lift.model.decoder.ParameterLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The decoder's view of the parameters that a fine-tuning trains, which are one flat vector per
 * member.
 */
public sealed interface ParameterView {
  /** The lowest part of the decoder is its embedding. */
  int EMBEDDING = -1;

  /** Where each tensor lies in the vector. */
  FlatLayout layout();

  /** Models trained side by side, M. */
  int members();

  /** Where the vector is cut into pieces with gradients of their own; ascending. */
  long[] cuts();

  /** The lowest part of the decoder with trained parameters: a layer, or {@link #EMBEDDING}. */
  int lowest();

  /**
   * The decoder's parameters as views of the vector.
   *
   * @param pieces the vector, cut at {@link #cuts}, each (M, n)
   * @param training whether an adapter's dropout is applied
   */
  DecoderParameters bind(NDList pieces, boolean training);

  /**
   * The parameters that the decoder computes with.
   *
   * @param weights of the members, or of the frozen base
   * @param adapters of each member beside the frozen base; none where members have weights of their
   *     own
   */
  record DecoderParameters(DecoderWeights weights, List<Adapter> adapters) {}

  /** Models with weights of their own: M, or 1 where the members share frozen weights. */
  int stacked();

  /** The vector, cut at {@link #cuts}. */
  default NDList pieces(NDArray parameters) {
    return cuts().length == 0 ? new NDList(parameters) : parameters.split(cuts(), 1);
  }

  /**
   * All weights of M models.
   *
   * @param layout of a member's weights
   * @param members M
   */
  record AllWeights(ParameterLayout layout, int members) implements ParameterView {
    @Override
    public long[] cuts() {
      return new long[0];
    }

    @Override
    public int lowest() {
      return EMBEDDING;
    }

    @Override
    public DecoderParameters bind(NDList pieces, boolean training) {
      return new DecoderParameters(DecoderWeights.of(layout, pieces.get(0), members), List.of());
    }

    @Override
    public int stacked() {
      return members;
    }
  }

  /**
   * M adapters beside the same frozen weights.
   *
   * @param layout of an adapter's matrices
   * @param frozen the base
   * @param members M
   */
  record Adapters(AdapterLayout layout, DecoderWeights frozen, int members)
      implements ParameterView {
    @Override
    public long[] cuts() {
      return layout.cuts();
    }

    @Override
    public int lowest() {
      return layout.lowest(frozen.layers().size());
    }

    @Override
    public DecoderParameters bind(NDList pieces, boolean training) {
      List<Adapter> adapters = new ArrayList<>();
      for (int m = 0; m < members; m++) {
        NDList own = pieces;
        if (members > 1) {
          own = new NDList();
          for (NDArray piece : pieces) {
            own.add(piece.get(new NDIndex("{}:{}", m, m + 1))); // (1, n)
          }
        }
        adapters.add(AdapterBinder.bind(layout, own, training ? layout.config().dropout() : 0));
      }
      return new DecoderParameters(frozen, adapters);
    }

    @Override
    public int stacked() {
      return 1;
    }
  }
}
