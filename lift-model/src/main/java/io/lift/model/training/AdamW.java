package io.lift.model.training;

import ai.djl.ndarray.NDArray;

/**
 * AdamW over one flat array of parameters, with decoupled weight decay and clipping by each
 * member's own gradient norm. Its state is plain arrays, so that a checkpoint can hold it.
 *
 * @param mean running mean of the gradient, (M, P)
 * @param square running mean of its square, (M, P)
 * @param decay weight decay of each parameter, (1, P)
 */
public record AdamW(NDArray mean, NDArray square, NDArray decay) {

  /**
   * One update in place.
   *
   * @param parameters (M, P)
   * @param gradient (M, P); overwritten
   * @param step 1 for the first update
   * @return false, with nothing changed, if the gradient is not finite
   */
  public boolean update(
      OptimizerSettings settings, NDArray parameters, NDArray gradient, double rate, long step) {
    NDArray norm = gradient.norm(2, new int[] {1}, true); // (M, 1)
    for (float n : norm.toFloatArray()) {
      if (!Float.isFinite(n)) {
        return false;
      }
    }
    // clipping, the moments' weights and both corrections come as factors: no extra pass over P
    NDArray clip = norm.addi(1e-6).pow(-1).muli(settings.clip()).minimum(1); // (M, 1)
    mean.muli(settings.beta1()).addi(gradient.mul(clip.mul(1 - settings.beta1())));
    gradient.muli(gradient).muli(clip.mul(clip).muli(1 - settings.beta2()));
    square.muli(settings.beta2()).addi(gradient);
    double meanCorrection = 1 - Math.pow(settings.beta1(), step);
    double squareRoot = Math.sqrt(1 - Math.pow(settings.beta2(), step));
    NDArray scale = square.sqrt().addi(settings.epsilon() * squareRoot); // (M, P)

    parameters.muli(decay.mul(-rate).addi(1));
    parameters.subi(mean.div(scale).muli(rate * squareRoot / meanCorrection));
    return true;
  }
}
