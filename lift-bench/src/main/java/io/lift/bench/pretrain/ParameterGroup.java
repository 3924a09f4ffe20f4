package io.lift.bench.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.incontext.TransformerLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Parameters that are updated together, in one array each of weights, moments and running means, so
 * that an update takes few calls of the engine. Matrices of one shape are updated by Muon, all else
 * by AdamW (Loshchilov and Hutter, arXiv 1711.05101).
 */
final class ParameterGroup {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.98;
  private static final double DECAY = 0.01;
  private static final double EPSILON = 1e-8;

  private final List<TransformerLayout.Entry> entries;
  private final boolean muon;
  private final NDArray weights; // (K, in, out) of Muon's matrices, or (P)
  private final NDArray first; // Muon's momentum, or the first moment
  private final NDArray second; // null for Muon
  private final NDArray mean;
  private final NDArray decay; // (P); null for Muon

  /**
   * @param entries all hidden matrices of one shape, or none that is hidden
   */
  ParameterGroup(NDManager manager, List<TransformerLayout.Entry> entries, PretrainingState from) {
    this.entries = entries;
    this.muon = entries.get(0).hidden();
    this.weights = array(manager, from.weights());
    this.first = array(manager, from.first());
    this.second = muon ? null : array(manager, from.second());
    this.mean = array(manager, from.mean());
    this.decay = muon ? null : decay(manager);
  }

  private NDArray array(NDManager manager, Map<String, float[]> tensors) {
    int length = entries.stream().mapToInt(TransformerLayout.Entry::length).sum();
    float[] all = new float[length];
    int at = 0;
    for (TransformerLayout.Entry e : entries) {
      System.arraycopy(tensors.get(e.name()), 0, all, at, e.length());
      at += e.length();
    }
    long[] shape = entries.get(0).shape();
    return muon
        ? TorchEngine.array(manager, all, entries.size(), shape[0], shape[1])
        : TorchEngine.array(manager, all, length);
  }

  private NDArray decay(NDManager manager) {
    float[] each = new float[entries.stream().mapToInt(TransformerLayout.Entry::length).sum()];
    int at = 0;
    for (TransformerLayout.Entry e : entries) {
      Arrays.fill(each, at, at + e.length(), e.shape().length > 1 ? (float) DECAY : 0);
      at += e.length();
    }
    return TorchEngine.array(manager, each, each.length);
  }

  /** Whether Muon updates it. */
  boolean muon() {
    return muon;
  }

  /** Puts each tensor under its name; they share memory with this group. */
  void weights(Map<String, NDArray> to) {
    views(weights, to);
  }

  /** The running means under their names. */
  void means(Map<String, NDArray> to) {
    views(mean, to);
  }

  private void views(NDArray all, Map<String, NDArray> to) {
    long[] cuts = new long[entries.size() - 1];
    long at = 0;
    for (int i = 0; i < cuts.length; i++) {
      at += muon ? 1 : entries.get(i).length();
      cuts[i] = at;
    }
    NDList parts = cuts.length == 0 ? new NDList(all) : all.split(cuts, 0);
    for (int i = 0; i < entries.size(); i++) {
      to.put(entries.get(i).name(), parts.get(i).reshape(entries.get(i).shape()));
    }
  }

  /** The gradients of all tensors, as the weights lie. */
  NDArray gradient(Map<String, NDArray> leaves) {
    NDList parts = new NDList();
    for (TransformerLayout.Entry e : entries) {
      NDArray gradient = leaves.get(e.name()).getGradient();
      parts.add(muon ? gradient : gradient.reshape(-1));
    }
    return muon ? NDArrays.stack(parts, 0) : NDArrays.concat(parts, 0);
  }

  /**
   * One update in place.
   *
   * @param gradient see {@link #gradient}
   * @param clip that a gradient for AdamW is multiplied by; Muon's updates have a size of their own
   * @param kept share of the running mean that stays
   * @param step 1 for the first update
   */
  void update(NDArray gradient, double clip, double rate, double kept, long step) {
    if (muon) {
      Muon.update(weights, first, gradient, rate);
    } else {
      adam(gradient.mul(clip), rate, step);
    }
    mean.muli(kept).addi(weights.mul(1 - kept));
  }

  private void adam(NDArray gradient, double rate, long step) {
    first.muli(BETA1).addi(gradient.mul(1 - BETA1));
    second.muli(BETA2).addi(gradient.square().muli(1 - BETA2));
    double firstCorrection = 1 - Math.pow(BETA1, step);
    double secondCorrection = Math.sqrt(1 - Math.pow(BETA2, step));
    weights.muli(decay.mul(-rate).addi(1));
    NDArray scale = second.sqrt().addi(EPSILON * secondCorrection);
    weights.subi(first.div(scale).muli(rate * secondCorrection / firstCorrection));
  }

  /** Puts each tensor's numbers under its name: weights, moments and running mean. */
  void copy(
      Map<String, float[]> toWeights,
      Map<String, float[]> toFirst,
      Map<String, float[]> toSecond,
      Map<String, float[]> toMean) {
    copy(weights, toWeights);
    copy(first, toFirst);
    copy(mean, toMean);
    if (!muon) {
      copy(second, toSecond);
    }
  }

  private void copy(NDArray from, Map<String, float[]> to) {
    float[] all = from.toFloatArray();
    int at = 0;
    for (TransformerLayout.Entry e : entries) {
      to.put(e.name(), Arrays.copyOfRange(all, at, at + e.length()));
      at += e.length();
    }
  }
}
