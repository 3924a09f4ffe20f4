package io.lift.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.lift.model.text.Sequence;
import io.lift.model.text.TokenBatch;
import java.util.List;

/**
 * The gradient of one step's loss, added up over its micro-batches: together they have the gradient
 * of the whole batch.
 */
final class GradientAccumulator {
  private final ParameterView view;
  private final TrainingRecipe recipe;
  private final MicroBatches microBatches;
  private final ForwardBackward forwardBackward;

  GradientAccumulator(
      ParameterView view,
      TrainingRecipe recipe,
      MicroBatches microBatches,
      ForwardBackward forwardBackward) {
    this.view = view;
    this.recipe = recipe;
    this.microBatches = microBatches;
    this.forwardBackward = forwardBackward;
  }

  /**
   * A loss and its gradient.
   *
   * @param leaves the pieces of the parameters, with their gradients
   * @param loss in nats per completion token
   * @param tokens read, padding excluded
   * @param padding tokens read in vain
   */
  record Result(NDList leaves, double loss, long tokens, long padding) {

    /** The gradient by the flat vector, (M, P). */
    NDArray gradient() {
      if (leaves.size() == 1) {
        return leaves.get(0).getGradient();
      }
      NDList gradients = new NDList();
      leaves.forEach(leaf -> gradients.add(leaf.getGradient()));
      return NDArrays.concat(gradients, 1);
    }
  }

  /**
   * Forward and backward of each micro-batch.
   *
   * @param parameters (M, P)
   * @param rows (M, B) sequences
   * @param step chooses the dropout
   */
  Result accumulate(NDArray parameters, Sequence[][] rows, long step) {
    NDList leaves = leaves(parameters);
    List<TokenBatch> parts = microBatches.of(rows);
    double weight = parts.stream().mapToDouble(TokenBatch::weight).sum();
    double divisor = recipe.perToken() ? weight / view.members() : rows[0].length;
    double loss = 0;
    long tokens = 0;
    long padding = 0;
    for (int p = 0; p < parts.size(); p++) {
      TokenBatch part = parts.get(p);
      loss += forwardBackward.run(leaves, part, 1 / divisor, step, p);
      tokens += part.tokensRead();
      padding += (long) part.rows() * part.length() - part.tokensRead();
    }
    return new Result(leaves, loss * divisor / weight, tokens, padding);
  }

  /** The parameters in pieces that share their memory and have gradients of their own. */
  private NDList leaves(NDArray parameters) {
    NDList leaves = new NDList();
    for (NDArray piece : view.pieces(parameters)) {
      NDArray leaf = piece.stopGradient();
      leaf.setRequiresGradient(true);
      leaves.add(leaf);
    }
    return leaves;
  }
}
