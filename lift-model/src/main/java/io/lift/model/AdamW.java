package io.lift.model;

import ai.djl.ndarray.NDArray;

/**
 * AdamW over one flat array of parameters, with decoupled weight decay and clipping by each
 * member's own gradient norm. Its state is plain arrays, so that a checkpoint can hold it.
 *
 * @param mean running mean of the gradient, (M, P)
 * @param square running mean of its square, (M, P)
 * @param decay weight decay of each parameter, (1, P)
 */
record AdamW(NDArray mean, NDArray square, NDArray decay) {

  /**
   * One update in place.
   *
   * @param parameters (M, P)
   * @param gradient (M, P); overwritten
   * @param step 1 for the first update
   * @return false, with nothing changed, if the gradient is not finite
   */
  boolean update(
      TrainingRecipe recipe, NDArray parameters, NDArray gradient, double rate, long step) {
    NDArray norm = gradient.square().sum(new int[] {1}, true).sqrt(); // (M, 1)
    for (float n : norm.toFloatArray()) {
      if (!Float.isFinite(n)) {
        return false;
      }
    }
    gradient.muli(norm.add(1e-6).pow(-1).mul(recipe.clip()).minimum(1));

    mean.muli(recipe.beta1()).addi(gradient.mul(1 - recipe.beta1()));
    square.muli(recipe.beta2()).addi(gradient.square().muli(1 - recipe.beta2()));
    double meanCorrection = 1 - Math.pow(recipe.beta1(), step);
    double squareCorrection = 1 - Math.pow(recipe.beta2(), step);
    NDArray scale =
        square.sqrt().muli(1 / Math.sqrt(squareCorrection)).addi(recipe.epsilon()); // (M, P)

    parameters.subi(parameters.mul(decay).muli(rate));
    parameters.subi(mean.div(scale).muli(rate / meanCorrection));
    return true;
  }
}
