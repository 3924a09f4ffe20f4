package io.lift.bench.scale;

import io.lift.core.task.TrainingPolicy;
import io.lift.messages.Topics;
import io.lift.model.ensemble.EnsemblePlanner;
import io.lift.model.training.Preset;
import io.lift.model.training.TrainingRecipe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;

/**
 * Trainers and the rows that wait for them, second by second. A task lives on one partition, a
 * partition on one trainer, a trainer runs one round at a time: that of the task that is due and
 * has waited longest. A partition that moves takes its running round with it, undone.
 */
final class Trainers {
  /**
   * How fast a trainer is, and when rounds start.
   *
   * @param tokensPerSecond as {@code lift bench trainer} measures
   * @param rowTokens tokens of one row
   * @param roundRows rows that start a round at once
   * @param roundSeconds how long rows wait at most for a round to start
   * @param startSeconds from the request of a trainer to its first round
   */
  record Model(
      double tokensPerSecond, int rowTokens, int roundRows, int roundSeconds, int startSeconds) {
    private static final TrainingRecipe RECIPE =
        TrainingRecipe.of(Preset.EMBEDDED, TrainingPolicy.defaults());
    private static final double PUBLISH_SECONDS = 0.3;

    /** How long a further round takes with so many fresh rows. */
    double roundSeconds(double rows) {
      double tokens =
          (double) RECIPE.steps((int) rows, false) * RECIPE.batch() * members() * rowTokens;
      return PUBLISH_SECONDS + tokens / tokensPerSecond;
    }

    /** Members of a stream's ensemble. */
    private int members() {
      int steps = RECIPE.steps(roundRows, true);
      double tokens = (double) RECIPE.batch() * rowTokens;
      return EnsemblePlanner.plan(false, roundRows, steps, tokens, RECIPE.budget()).size();
    }
  }

  private record Batch(int second, double rows) {}

  private static final class Task {
    final int partition;
    final Deque<Batch> waiting = new ArrayDeque<>();
    double rows;
    private double fraction; // of the row that comes next

    Task(int partition) {
      this.partition = partition;
    }

    void arrive(int second, double rate) {
      fraction += rate;
      double whole = Math.floor(fraction);
      if (whole > 0) {
        fraction -= whole;
        waiting.addLast(new Batch(second, whole));
        rows += whole;
      }
    }

    boolean due(int second, Model model) {
      return rows >= model.roundRows()
          || (rows >= 1 && second - waiting.peekFirst().second() >= model.roundSeconds());
    }
  }

  private static final class Trainer {
    final int readyAt;
    Task training;
    int lastSecond; // arrivals up to here are in the running round
    double left;

    Trainer(int readyAt) {
      this.readyAt = readyAt;
    }
  }

  private final Model model;
  private final List<Task> tasks = new ArrayList<>();
  private final List<Trainer> trainers = new ArrayList<>();
  private final Trainer[] assigned = new Trainer[Topics.of("").prompts().partitions()];
  private double rounds;

  Trainers(Model model, List<String> names) {
    this.model = model;
    for (String name : names) {
      byte[] key = name.getBytes(StandardCharsets.UTF_8);
      tasks.add(new Task(Utils.toPositive(Utils.murmur2(key)) % assigned.length));
    }
  }

  /** Starts or stops trainers; the newest leave first. */
  void scale(int replicas, int second) {
    while (trainers.size() < replicas) {
      trainers.add(new Trainer(trainers.isEmpty() ? second : second + model.startSeconds()));
    }
    while (trainers.size() > replicas) {
      trainers.remove(trainers.size() - 1);
    }
  }

  /** One second of arrivals and work. */
  void second(int second, double[] arrivals) {
    for (int t = 0; t < arrivals.length; t++) {
      tasks.get(t).arrive(second, arrivals[t]);
    }
    share(trainers.stream().filter(trainer -> trainer.readyAt <= second).toList());
    for (Trainer trainer : trainers) {
      work(trainer, second);
    }
  }

  private void work(Trainer trainer, int second) {
    double free = 1;
    while (free > 0) {
      if (trainer.training == null && !begin(trainer, second)) {
        return;
      }
      double spent = Math.min(free, trainer.left);
      trainer.left -= spent;
      free -= spent;
      if (trainer.left <= 1e-9) {
        end(trainer);
      }
    }
  }

  private boolean begin(Trainer trainer, int second) {
    Optional<Task> next =
        tasks.stream()
            .filter(task -> assigned[task.partition] == trainer && task.due(second, model))
            .min(Comparator.comparingInt(task -> task.waiting.peekFirst().second()));
    if (next.isEmpty()) {
      return false;
    }
    trainer.training = next.get();
    trainer.lastSecond = second;
    trainer.left = model.roundSeconds(next.get().rows);
    return true;
  }

  private void end(Trainer trainer) {
    Task task = trainer.training;
    while (!task.waiting.isEmpty() && task.waiting.peekFirst().second() <= trainer.lastSecond) {
      task.rows -= task.waiting.removeFirst().rows();
    }
    task.rows = task.waiting.isEmpty() ? 0 : task.rows;
    trainer.training = null;
    rounds++;
  }

  /** Equal shares of the partitions, moving as few as can be: what a sticky assignor does. */
  private void share(List<Trainer> ready) {
    if (ready.isEmpty()) {
      return;
    }
    int each = assigned.length / ready.size();
    int larger = assigned.length % ready.size(); // so many have one more
    int[] held = new int[ready.size()];
    for (int p = 0; p < assigned.length; p++) {
      int trainer = ready.indexOf(assigned[p]);
      boolean keeps =
          trainer >= 0 && (held[trainer] < each || (held[trainer] == each && larger > 0));
      if (keeps) {
        larger -= held[trainer] == each ? 1 : 0;
        held[trainer]++;
      } else {
        give(p, null);
      }
    }
    for (int p = 0; p < assigned.length; p++) {
      if (assigned[p] == null) {
        int least = 0;
        for (int i = 1; i < held.length; i++) {
          least = held[i] < held[least] ? i : least;
        }
        held[least]++;
        give(p, ready.get(least));
      }
    }
  }

  private void give(int partition, Trainer to) {
    Trainer from = assigned[partition];
    if (from != null && from.training != null && from.training.partition == partition) {
      from.training = null;
    }
    assigned[partition] = to;
  }

  /** Rows that no checkpoint holds. */
  double waiting() {
    return tasks.stream().mapToDouble(task -> task.rows).sum();
  }

  /** Seconds that the oldest row has waited that a round is due for. */
  double staleness(int second) {
    return tasks.stream()
        .filter(task -> task.due(second, model))
        .mapToInt(task -> second - task.waiting.peekFirst().second())
        .max()
        .orElse(0);
  }

  int running() {
    return trainers.size();
  }

  double rounds() {
    return rounds;
  }
}
