package io.lift.bench.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Muon (Jordan et al. 2024): momentum whose matrix is made nearly orthogonal by five Newton-Schulz
 * iterations. The update is scaled to the size of one by Adam (Liu et al., arXiv 2502.16982).
 */
final class Muon {
  private static final double MOMENTUM = 0.95;
  private static final double DECAY = 0.01;
  private static final double SIZE = 0.2;
  private static final int ITERATIONS = 5;

  private Muon() {}

  /**
   * One update in place, of several matrices.
   *
   * @param weights (K, in, out)
   * @param momentum of the same shape
   * @param gradient of the same shape
   */
  static void update(NDArray weights, NDArray momentum, NDArray gradient, double rate) {
    momentum.muli(MOMENTUM).addi(gradient);
    NDArray step = orthogonal(gradient.add(momentum.mul(MOMENTUM)));
    Shape shape = weights.getShape();
    double scale = SIZE * Math.sqrt(Math.max(shape.get(1), shape.get(2)));
    weights.muli(1 - rate * DECAY).subi(step.mul(rate * scale));
  }

  /**
   * Each matrix of (K, in, out) made nearly orthogonal. The coefficients are Jordan's: they bring
   * singular values near 1 fast, not exactly to 1.
   */
  static NDArray orthogonal(NDArray matrices) {
    Shape shape = matrices.getShape();
    boolean tall = shape.get(1) > shape.get(2);
    NDArray x = tall ? matrices.transpose(0, 2, 1) : matrices;
    x = x.div(x.square().sum(new int[] {1, 2}, true).sqrt().add(1e-7));
    for (int i = 0; i < ITERATIONS; i++) {
      NDArray a = x.matMul(x.transpose(0, 2, 1));
      NDArray b = a.mul(-4.7750).add(a.matMul(a).mul(2.0315));
      x = x.mul(3.4445).add(b.matMul(x));
    }
    return tall ? x.transpose(0, 2, 1) : x;
  }
}
