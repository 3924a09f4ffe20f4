package io.lift.model.incontext.texts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Regression on a kernel K of n rows: scores F = K A + offset that minimise the loss of the rows'
 * targets plus λ/2 tr(Aᵀ K A). Solved by L-BFGS (Nocedal and Wright 2006, algorithm 7.4) with the
 * kernel's own inner product, which converges as it would on the features that K stands for, and
 * needs one product with K per step.
 */
final class KernelFit {
  private static final int MOST_STEPS = 60;
  private static final int HISTORY = 8;
  private static final int MOST_HALVINGS = 20;
  private static final double DECREASE = 1e-4; // of the slope, that a step must have (Armijo)
  private static final double SHORTER = 0.3;
  private static final double ENOUGH = 1e-3; // of the gradient's first length
  private static final double LEAST = 1e-12;

  /** What scores are compared with. */
  interface Target {
    /**
     * The loss of scores.
     *
     * @param scores (n, k)
     * @param gradient filled: the derivative by each score; null if it is not needed
     */
    double loss(double[] scores, double[] gradient);
  }

  private final NDManager manager;
  private final NDArray kernel; // (n, n)
  private final int rows;
  private final int width;
  private final double[] offset;
  private final Target target;
  private final double penalty;
  private final Deque<Pair> history = new ArrayDeque<>();

  /** A vector and its product with the kernel, each (n, k). */
  private record Vector(double[] own, double[] image) {
    static Vector zero(int size) {
      return new Vector(new double[size], new double[size]);
    }

    double product(Vector other) {
      double sum = 0;
      for (int i = 0; i < own.length; i++) {
        sum += own[i] * other.image[i];
      }
      return sum;
    }

    Vector copy() {
      return new Vector(own.clone(), image.clone());
    }

    void add(double share, Vector other) {
      for (int i = 0; i < own.length; i++) {
        own[i] += share * other.own[i];
        image[i] += share * other.image[i];
      }
    }

    void scale(double by) {
      for (int i = 0; i < own.length; i++) {
        own[i] *= by;
        image[i] *= by;
      }
    }
  }

  /** A step and the change of the gradient along it. */
  private record Pair(Vector step, Vector change, double curvature) {}

  private KernelFit(
      NDManager manager, NDArray kernel, double[] offset, Target target, double penalty) {
    this.manager = manager;
    this.kernel = kernel;
    this.rows = (int) kernel.getShape().get(0);
    this.width = offset.length / rows;
    this.offset = offset;
    this.target = target;
    this.penalty = penalty;
  }

  /**
   * The coefficients A.
   *
   * @param kernel (n, n)
   * @param offset (n, k), added to the scores
   * @return (n, k)
   */
  static double[] solve(
      NDManager manager, NDArray kernel, double[] offset, Target target, double penalty) {
    return new KernelFit(manager, kernel, offset, target, penalty).solve();
  }

  private double[] solve() {
    Vector at = Vector.zero(offset.length);
    Vector gradient = gradient(at);
    double loss = loss(at, null);
    double first = gradient.product(gradient);
    for (int step = 0; step < MOST_STEPS; step++) {
      if (gradient.product(gradient) <= ENOUGH * ENOUGH * first + LEAST) {
        break;
      }
      Vector direction = direction(gradient);
      double slope = gradient.product(direction);
      double share = step == 0 ? 1 / Math.max(1, Math.sqrt(first)) : 1;
      Vector next = null;
      double after = loss;
      for (int h = 0; h < MOST_HALVINGS; h++) {
        next = at.copy();
        next.add(share, direction);
        after = loss(next, null);
        if (after <= loss + DECREASE * share * slope) {
          break;
        }
        share *= SHORTER;
      }
      if (!(after < loss)) {
        break; // as exact as single precision allows
      }
      Vector newer = gradient(next);
      Vector change = newer.copy();
      change.add(-1, gradient);
      direction.scale(share);
      double curvature = direction.product(change);
      if (curvature > LEAST) {
        history.addLast(new Pair(direction, change, curvature));
        if (history.size() > HISTORY) {
          history.removeFirst();
        }
      }
      at = next;
      gradient = newer;
      loss = after;
    }
    return at.own();
  }

  /** The loss at coefficients; fills the derivative by each score. */
  private double loss(Vector at, double[] derivative) {
    double[] scores = at.image().clone();
    for (int i = 0; i < scores.length; i++) {
      scores[i] += offset[i];
    }
    return target.loss(scores, derivative) + penalty / 2 * at.product(at);
  }

  private Vector gradient(Vector at) {
    double[] own = new double[offset.length];
    loss(at, own);
    for (int i = 0; i < own.length; i++) {
      own[i] += penalty * at.own()[i];
    }
    return new Vector(own, image(own));
  }

  /** The two-loop recursion. */
  private Vector direction(Vector gradient) {
    Vector direction = gradient.copy();
    double[] shares = new double[history.size()];
    int i = shares.length;
    for (Iterator<Pair> newest = history.descendingIterator(); newest.hasNext(); ) {
      Pair pair = newest.next();
      shares[--i] = pair.step().product(direction) / pair.curvature();
      direction.add(-shares[i], pair.change());
    }
    if (!history.isEmpty()) {
      Pair newest = history.getLast();
      direction.scale(newest.curvature() / newest.change().product(newest.change()));
    }
    for (Pair pair : history) {
      double back = pair.change().product(direction) / pair.curvature();
      direction.add(shares[i++] - back, pair.step());
    }
    direction.scale(-1);
    return direction;
  }

  private double[] image(double[] own) {
    float[] numbers = new float[own.length];
    for (int i = 0; i < own.length; i++) {
      numbers[i] = (float) own[i];
    }
    float[] product;
    try (NDScope scope = new NDScope()) {
      product = kernel.matMul(manager.create(numbers, new Shape(rows, width))).toFloatArray();
    }
    double[] image = new double[own.length];
    for (int i = 0; i < image.length; i++) {
      image[i] = product[i];
    }
    return image;
  }
}
