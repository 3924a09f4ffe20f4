package io.lift.inference.requests;

import io.lift.core.row.RejectReason;
import io.lift.inference.models.Calibrations;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.models.ModelLookup;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.requests.MicroBatcher.Job;
import io.lift.inference.requests.MicroBatcher.Scored;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.messages.PredictionMessage.Timings;

/** From a request to the model that answers it, and from the score to the prediction. */
public final class RequestAnswers {
  private final ModelRegistry registry;
  private final Calibrations calibrations;
  private final EvidenceFinder evidence;

  public RequestAnswers(
      ModelRegistry registry, Calibrations calibrations, EvidenceFinder evidence) {
    this.registry = registry;
    this.calibrations = calibrations;
    this.evidence = evidence;
  }

  /** The model that answers. */
  public ModelLookup resolve(Request request) {
    try {
      return registry.resolve(request.message().task(), request.message().taskVersion());
    } catch (RuntimeException e) {
      return new ModelLookup.Unanswerable(
          RejectReason.INTERNAL, "the base model does not open for this task: " + e.getMessage());
    }
  }

  /**
   * The job of a request.
   *
   * @param ready leased models, whose leases go to the job
   */
  public Job job(ModelLookup.Ready ready, Request request) throws InterruptedException {
    return evidence.job(ready, request, evidence.deadline());
  }

  /** The prediction of a scored job. */
  public PredictionMessage of(Request request, Job job, Scored scored) {
    LoadedModel model = job.model();
    if (scored.failure() != null) {
      return without(request, Status.FAILED, scored.failure());
    }
    double queued = Math.max(0, scored.startedAt() - request.takenAt());
    return new PredictionMessage(
        request.message().task(),
        request.message().row(),
        Status.ANSWERED,
        calibrations.apply(
            model, scored.answer(), scored.predictors() != null, request.message().row()),
        model.checkpoint(),
        model.languageHash(),
        request.message().origin(),
        new Timings(queued, scored.scored(), scored.batch()),
        null,
        request.message().missing(),
        request.message().extrapolated(),
        job.support(),
        scored.predictors());
  }

  /** The prediction of a request that cannot be answered. */
  public PredictionMessage failed(Request request, String why) {
    return without(request, Status.FAILED, why);
  }

  /** The prediction of a request without an answer. */
  static PredictionMessage without(Request request, Status status, String message) {
    return new PredictionMessage(
        request.message().task(),
        request.message().row(),
        status,
        null,
        null,
        null,
        request.message().origin(),
        null,
        message);
  }
}
