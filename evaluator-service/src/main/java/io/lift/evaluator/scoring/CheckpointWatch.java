package io.lift.evaluator.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.mixture.LikelihoodWeights.Score;
import io.lift.core.mixture.PairedLosses;
import io.lift.messages.PredictionMessage.Predictor;
import io.lift.messages.RollbackRequest.Worse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Watches whether the current checkpoint of a task is worse than the one before it, on the rows
 * that both have answered. It says so once for each checkpoint, and only after that checkpoint has
 * answered for a while.
 */
final class CheckpointWatch {
  /** Shorter than this, a rollback would follow a publication at once. */
  private static final long LEAST_MILLIS = Duration.ofSeconds(10).toMillis();

  private long current;
  private long earlier;
  private long since;
  private long found;
  private PairedLosses losses = new PairedLosses();

  /**
   * The state for a restart.
   *
   * @param current the newest version that has answered, or 0
   * @param earlier the version before it, or 0
   * @param since when the two were first seen beside each other, epoch milliseconds
   * @param found the newest version that was found to be worse, or 0
   * @param losses of the two
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record State(long current, long earlier, long since, long found, PairedLosses.State losses) {}

  static CheckpointWatch of(State state) {
    CheckpointWatch watch = new CheckpointWatch();
    watch.current = state.current();
    watch.earlier = state.earlier();
    watch.since = state.since();
    watch.found = state.found();
    watch.losses = PairedLosses.of(state.losses());
    return watch;
  }

  State state() {
    return new State(current, earlier, since, found, losses.state());
  }

  /**
   * What a checkpoint that is worse is to be replaced by.
   *
   * @param version the version to go back to
   * @param worse the comparison
   */
  record Finding(long version, Worse worse) {}

  /**
   * Adds a row.
   *
   * @param scores what its predictors said
   * @param at epoch milliseconds
   * @return the finding, if this row shows it
   */
  Optional<Finding> add(Map<String, Score> scores, long at) {
    TreeMap<Long, Double> versions = new TreeMap<>();
    scores.forEach(
        (name, score) ->
            Predictor.version(name)
                .ifPresent(version -> versions.put(version, score.likelihood())));
    // a row of before the current version was published may come late
    if (versions.size() < 2 || versions.lastKey() < current || versions.lastKey() <= found) {
      return Optional.empty();
    }
    long newest = versions.lastKey();
    long before = versions.lowerKey(newest);
    if (newest != current || before != earlier) {
      current = newest;
      earlier = before;
      since = at;
      losses = new PairedLosses();
    }
    boolean worse = losses.add(versions.get(current), versions.get(earlier));
    if (!worse || at - since < LEAST_MILLIS) {
      return Optional.empty();
    }
    found = current;
    return Optional.of(
        new Finding(
            earlier, new Worse(current, losses.rows(), losses.loss(), losses.earlierLoss())));
  }
}
