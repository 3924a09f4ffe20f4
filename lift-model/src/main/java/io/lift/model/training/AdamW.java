package io.lift.model.training;

import ai.djl.ndarray.NDArray;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) over one flat array of parameters, with clipping
 * by each member's own gradient norm. Its state is plain arrays, so that a checkpoint can hold it.
 *
 * @param firstMoment running mean of the gradient, (M, P)
 * @param secondMoment running mean of its square, (M, P)
 * @param decay weight decay of each parameter, (1, P)
 */
public record AdamW(NDArray firstMoment, NDArray secondMoment, NDArray decay) {

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
    firstMoment.muli(settings.beta1()).addi(gradient.mul(clip.mul(1 - settings.beta1())));
    gradient.muli(gradient).muli(clip.mul(clip).muli(1 - settings.beta2()));
    secondMoment.muli(settings.beta2()).addi(gradient);
    double firstCorrection = 1 - Math.pow(settings.beta1(), step);
    double secondCorrection = Math.sqrt(1 - Math.pow(settings.beta2(), step));
    NDArray scale = secondMoment.sqrt().addi(settings.epsilon() * secondCorrection); // (M, P)

    parameters.muli(decay.mul(-rate).addi(1));
    parameters.subi(firstMoment.div(scale).muli(rate * secondCorrection / firstCorrection));
    return true;
  }
}
