package io.lift.trainer.training;

import io.lift.checkpoint.InvalidModelException;
import io.lift.core.prompt.Example;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.RoundReport;
import io.lift.model.TrainingFailedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews committees in spare time, one at a time. A stream begins with a hasty committee that never
 * grows; when nothing is due, a larger one is trained from the base model over the rows of the
 * window but the newest, in slices that end as soon as something else is due. It is kept only if it
 * would have answered the newest rows better than what served them did (test, then train): after a
 * drift it would not, since it takes old and new rows alike.
 */
final class Retrainings {
  private static final Logger LOG = LoggerFactory.getLogger(Retrainings.class);
  private static final int MOST_JUDGED = 1_000;

  private final AssignmentState tasks;
  private final TrainerSettings settings;
  private final FineTuner.Factory factory;
  private final TrainingMeters meters;

  Retrainings(
      AssignmentState tasks,
      TrainerSettings settings,
      FineTuner.Factory factory,
      TrainingMeters meters) {
    this.tasks = tasks;
    this.settings = settings;
    this.factory = factory;
    this.meters = meters;
  }

  /** What a renewal of the task may read, as {@link FineTuner.Factory#budget}; 0 if it has none. */
  private double budget(TaskSpec spec) {
    if (settings.renewalBudget() <= 0) {
      return 0;
    }
    double own;
    try {
      own = factory.budget(settings.training(spec));
    } catch (InvalidModelException e) {
      return 0; // its rounds fail and say why
    }
    boolean chosen = own == 0 || spec.training().budget() != null;
    return chosen ? own : Math.max(own, settings.renewalBudget());
  }

  /**
   * The renewal to work on when nothing is due: the one that was begun, or one of a task that has
   * outgrown its committee. The lock must be held.
   */
  Optional<Retraining> next() {
    Optional<Retraining> begun = standing();
    if (begun.isPresent()) {
      return begun;
    }
    for (TaskTraining task : tasks.tasks()) {
      double budget = budget(task.spec());
      if (RetrainingPlanner.outgrown(task, budget)) {
        long from = RetrainingPlanner.heldBackFrom(task);
        TrainingPolicy training = settings.training(task.spec(), budget);
        List<Example> rows = RoundRows.examples(task.window().rowsFrom(from).rehearsed());
        Retraining renewal = new Retraining(task, training, rows, from);
        tasks.renew(renewal);
        LOG.atInfo()
            .addKeyValue("task", renewal.name())
            .addKeyValue("rows", rows.size())
            .addKeyValue("budget", budget)
            .log("the task has outgrown its committee; a new one is trained in spare time");
        return Optional.of(renewal);
      }
    }
    return Optional.empty();
  }

  /** The renewal that the next round of its task joins. The lock must be held. */
  Optional<Retraining> won() {
    return standing().filter(Retraining::won);
  }

  private Optional<Retraining> standing() {
    Retraining renewal = tasks.renewal();
    if (renewal != null && !renewal.stands(tasks.task(renewal.name()))) {
      end(renewal, "abandoned");
      LOG.atInfo()
          .addKeyValue("task", renewal.name())
          .log("renewal abandoned: its task has moved, changed, gone back or ended");
    }
    return Optional.ofNullable(tasks.renewal());
  }

  private void end(Retraining renewal, String result) {
    if (tasks.renewal() == renewal) {
      tasks.renew(null);
      meters.renewal(renewal.name(), result);
    }
  }

  /** The round in which it joined is published. */
  void kept(Retraining renewal) {
    tasks.locked(
        () -> {
          end(renewal, "kept");
          renewal.task().memory().forget();
        });
  }

  /** It cannot be used. */
  void abandon(Retraining renewal, String why) {
    tasks.locked(() -> inVain(renewal, "abandoned"));
    LOG.atWarn().addKeyValue("task", renewal.name()).log("renewal abandoned: {}", why);
  }

  private void inVain(Retraining renewal, String result) {
    end(renewal, result);
    renewal.task().memory().tried(renewal.task().window().rehearsed());
  }

  /**
   * Works on a renewal until something else is due or all steps are done; then judges it.
   *
   * @param waiting whether something else is due, asked after each step
   */
  void work(Retraining renewal, BooleanSupplier waiting) {
    renewal.begin();
    try (FineTuner tuner = factory.open(renewal.language(), renewal.training(), renewal.file())) {
      RoundReport report =
          tuner.round(
              renewal.rows(),
              List.of(),
              (step, steps, loss) -> {
                renewal.after(step, steps, loss);
                if (!stands(renewal)) {
                  return false;
                }
                boolean pause = waiting.getAsBoolean();
                if (pause) {
                  renewal.pause(tuner.checkpoint());
                }
                return !pause;
              });
      meters.trained(renewal.name(), report);
      if (report.completed()) {
        judge(renewal, tuner);
      }
    } catch (TrainingFailedException e) {
      meters.skipped(renewal.name(), e.skipped());
      abandon(renewal, e.getMessage());
    } catch (RuntimeException e) {
      abandon(renewal, e.toString());
    } finally {
      renewal.rest();
    }
  }

  private boolean stands(Retraining renewal) {
    return tasks.locked(() -> !tasks.closed() && renewal.stands(tasks.task(renewal.name())));
  }

  /** Rows that the renewal has not learnt, and what those who served gave to their answers. */
  private record Judged(List<Example> rows, double served) {}

  private void judge(Retraining renewal, FineTuner tuner) {
    Judged judged = tasks.locked(() -> judged(renewal));
    if (judged.rows().size() < RetrainingPlanner.FEWEST_JUDGED) {
      abandon(renewal, "the rows to judge it by have left the window");
      return;
    }
    double renewed = Arrays.stream(tuner.logLikelihoods(judged.rows())).average().orElseThrow();
    boolean better = renewed > judged.served(); // it is not if it has diverged
    if (better) {
      renewal.won(tuner.checkpoint());
    } else {
      tasks.locked(() -> inVain(renewal, "dropped"));
    }
    LOG.atInfo()
        .addKeyValue("task", renewal.name())
        .addKeyValue("rows", renewal.rows().size())
        .addKeyValue("judged", judged.rows().size())
        .addKeyValue("renewed", renewed)
        .addKeyValue("served", judged.served())
        .log(
            better
                ? "the renewed committee answers the newest rows better; it joins"
                : "the renewed committee answers the newest rows no better; it is dropped");
  }

  private Judged judged(Retraining renewal) {
    BaselineScores memory = renewal.task().memory();
    Map<Long, Double> served = memory.servedFrom(renewal.heldBackFrom());
    List<WindowRow> known =
        new ArrayList<>(renewal.task().window().rowsFrom(renewal.heldBackFrom()).fresh());
    known.removeIf(row -> !served.containsKey(row.offset()));
    List<WindowRow> newest = known.subList(Math.max(0, known.size() - MOST_JUDGED), known.size());
    double mean = newest.stream().mapToDouble(row -> served.get(row.offset())).average().orElse(0);
    return new Judged(RoundRows.examples(newest), mean);
  }

  /**
   * Asks the present committee about the rows that enter with a round, before they are learnt.
   *
   * @param tuner of the round, where its parent stands
   */
  void ask(Round round, FineTuner tuner) {
    if (round.parent() == null || round.renewal() != null || budget(round.spec()) <= 0) {
      return;
    }
    List<WindowRow> rows = round.rows().fresh();
    List<WindowRow> newest =
        rows.subList(Math.max(0, rows.size() - BaselineScores.NEWEST), rows.size());
    round.served(newest, tuner.logLikelihoods(RoundRows.examples(newest)));
  }
}
