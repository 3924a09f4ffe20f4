package io.lift.trainer.retrain;

import io.lift.core.prompt.Example;
import io.lift.model.RoundReport;
import io.lift.model.TrainingFailedException;
import io.lift.trainer.retrain.RetrainingOutcome.Abandoned;
import io.lift.trainer.retrain.RetrainingOutcome.Passed;
import io.lift.trainer.retrain.RetrainingOutcome.Paused;
import io.lift.trainer.retrain.RetrainingOutcome.Rejected;
import io.lift.trainer.retrain.RetrainingOutcome.Stopped;
import io.lift.trainer.round.FineTuner;
import io.lift.trainer.round.RoundMeters;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retrains ensembles in spare time. A stream starts with a small ensemble that never grows. When
 * nothing is due, a larger one is trained from the base model on the rows of the window except the
 * newest, in slices that end as soon as something else is due. It joins only if it gives the newest
 * rows a higher mean log likelihood than the ensembles that served them, before they were trained
 * on them. After a drift it does not, because it gives old and new rows the same weight. For the
 * training thread only.
 */
public final class RetrainingRunner {
  private static final Logger LOG = LoggerFactory.getLogger(RetrainingRunner.class);

  private final FineTuner.Factory factory;
  private final RetrainingControl control;
  private final RoundMeters meters;
  private final Runnable heartbeat;

  /**
   * @param heartbeat called after each optimizer step
   */
  public RetrainingRunner(
      FineTuner.Factory factory,
      RetrainingControl control,
      RoundMeters meters,
      Runnable heartbeat) {
    this.factory = factory;
    this.control = control;
    this.meters = meters;
    this.heartbeat = heartbeat;
  }

  /** Trains until something else is due or all steps are done, and then judges the ensemble. */
  public void run(Retraining retraining) {
    RetrainingOutcome outcome = new Stopped();
    long began = System.nanoTime();
    try {
      outcome = slice(retraining);
    } finally {
      meters.used(retraining.task(), (System.nanoTime() - began) / 1e9);
      control.complete(retraining, outcome);
    }
  }

  private RetrainingOutcome slice(Retraining retraining) {
    try (FineTuner fineTuner =
        factory.open(retraining.language(), retraining.training(), retraining.file())) {
      byte[][] paused = new byte[1][];
      RoundReport report =
          fineTuner.round(
              retraining.rows(),
              List.of(),
              (step, steps, loss) -> {
                heartbeat.run();
                RetrainingControl.Next next = control.step(retraining, step, steps, loss);
                if (next == RetrainingControl.Next.PAUSE) {
                  paused[0] = fineTuner.checkpoint();
                }
                return next == RetrainingControl.Next.CONTINUE;
              });
      meters.trained(retraining.task(), report);
      if (report.completed()) {
        return judge(retraining, fineTuner);
      }
      return paused[0] == null ? new Stopped() : new Paused(paused[0]);
    } catch (TrainingFailedException e) {
      meters.skipped(retraining.task(), e.skipped());
      return new Abandoned(e.getMessage());
    } catch (RuntimeException e) {
      return new Abandoned(e.toString());
    }
  }

  private RetrainingOutcome judge(Retraining retraining, FineTuner fineTuner) {
    Optional<Judgement> judgement = control.judgement(retraining);
    if (judgement.isEmpty()) {
      return new Stopped();
    }
    List<Example> rows = judgement.get().rows();
    if (rows.size() < RetrainingPlanner.FEWEST_JUDGED) {
      return new Abandoned("the rows to judge it by have left the window");
    }
    double retrained = Arrays.stream(fineTuner.logLikelihoods(rows)).average().orElseThrow();
    boolean better = retrained > judgement.get().baseline(); // false if it has diverged to NaN
    LOG.atInfo()
        .addKeyValue("task", retraining.task())
        .addKeyValue("rows", retraining.rows().size())
        .addKeyValue("judged", rows.size())
        .addKeyValue("retrained", retrained)
        .addKeyValue("baseline", judgement.get().baseline())
        .log(
            better
                ? "the retrained ensemble is better on the newest rows and joins"
                : "the retrained ensemble is not better on the newest rows and is dropped");
    return better ? new Passed(fineTuner.checkpoint()) : new Rejected();
  }
}
