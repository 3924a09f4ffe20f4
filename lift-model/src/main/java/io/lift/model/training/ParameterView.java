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

/** What a fine-tuning moves: the numbers of one flat vector, and how the decoder reads them. */
public sealed interface ParameterView {
  /** The lowest part of the decoder is its embedding. */
  int EMBEDDING = -1;

  /** Where each tensor lies in the vector. */
  FlatLayout layout();

  /** Models trained side by side, M. */
  int members();

  /** Where the vector is cut into pieces with gradients of their own; ascending. */
  long[] cuts();

  /** The lowest part of the decoder that has trained numbers: a layer, or {@link #EMBEDDING}. */
  int lowest();

  /**
   * The decoder's numbers, of views.
   *
   * @param pieces the vector, cut at {@link #cuts}, each (M, n)
   * @param training whether an adapter's dropout is wanted
   */
  Reading read(NDList pieces, boolean training);

  /**
   * What the decoder computes with.
   *
   * @param weights the base, frozen or not
   * @param adapters what each member adds to it; none where the members have weights of their own
   */
  record Reading(DecoderWeights weights, List<Adapter> adapters) {}

  /** Models whose weights stand side by side: M, or 1 where the members share frozen weights. */
  int sideBySide();

  /** The pieces of a vector. */
  default NDList pieces(NDArray parameters) {
    return cuts().length == 0 ? new NDList(parameters) : parameters.split(cuts(), 1);
  }

  /**
   * All weights of M models.
   *
   * @param layout of a member's weights
   * @param members M
   */
  record WholeModel(ParameterLayout layout, int members) implements ParameterView {
    @Override
    public long[] cuts() {
      return new long[0];
    }

    @Override
    public int lowest() {
      return EMBEDDING;
    }

    @Override
    public Reading read(NDList pieces, boolean training) {
      return new Reading(DecoderWeights.of(layout, pieces.get(0), members), List.of());
    }

    @Override
    public int sideBySide() {
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
  record AdaptedModel(AdapterLayout layout, DecoderWeights frozen, int members)
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
    public Reading read(NDList pieces, boolean training) {
      List<Adapter> adapters = new ArrayList<>();
      for (int m = 0; m < members; m++) {
        NDList own = pieces;
        if (members > 1) {
          own = new NDList();
          for (NDArray piece : pieces) {
            own.add(piece.get(new NDIndex("{}:{}", m, m + 1))); // (1, n)
          }
        }
        adapters.add(layout.adapter(own, training ? layout.config().dropout() : 0));
      }
      return new Reading(frozen, adapters);
    }

    @Override
    public int sideBySide() {
      return 1;
    }
  }
}
