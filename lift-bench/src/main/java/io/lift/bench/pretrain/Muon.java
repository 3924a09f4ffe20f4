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
   * One update in place.
   *
   * @param weight (in, out)
   * @param momentum of the same shape
   * @param gradient of the same shape
   */
  static void update(NDArray weight, NDArray momentum, NDArray gradient, double rate) {
    momentum.muli(MOMENTUM).addi(gradient);
    NDArray step = orthogonal(gradient.add(momentum.mul(MOMENTUM)));
    Shape shape = weight.getShape();
    double scale = SIZE * Math.sqrt(Math.max(shape.get(0), shape.get(1)));
    weight.muli(1 - rate * DECAY).subi(step.mul(rate * scale));
  }

  /** The coefficients are Jordan's: they bring singular values near 1 fast, not exactly to 1. */
  static NDArray orthogonal(NDArray gradient) {
    Shape shape = gradient.getShape();
    boolean tall = shape.get(0) > shape.get(1);
    NDArray x = tall ? gradient.transpose() : gradient;
    x = x.div(x.norm().add(1e-7));
    for (int i = 0; i < ITERATIONS; i++) {
      NDArray a = x.matMul(x.transpose());
      NDArray b = a.mul(-4.7750).add(a.matMul(a).mul(2.0315));
      x = x.mul(3.4445).add(b.matMul(x));
    }
    return tall ? x.transpose() : x;
  }
}
