package io.lift.inference.models;

import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.model.scoring.RowSampler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Models without an engine, for tests of bookkeeping: the answer's label names the version, a
 * prompt that contains {@code poison} cannot be scored, a closed model says so.
 */
public final class FakeModelLoader implements ModelLoader {
  public static final String BASE = "the-base";

  /** Versions made so far, as {@code task/version}, in order. */
  public final List<String> made = new CopyOnWriteArrayList<>();

  /** Versions closed so far, as {@code task/version}. */
  public final List<String> closed = new CopyOnWriteArrayList<>();

  /** Whether all models are one batch group, as the adapters of a published model. */
  public boolean oneGroup;

  private final Model.BatchGroup group = this::score;

  /** Sizes of the forward passes so far, those of the warm-up included. */
  public final List<Integer> batches = new CopyOnWriteArrayList<>();

  /** What versions, as {@code task/version}, say of each of the task's labels. */
  public Map<String, double[]> probabilities = Map.of();

  /** What all models say of a prompt, instead of their name; null for their name. */
  public Function<Prompt, Answer> answers;

  /** Versions that cannot be read, with the reason. */
  public final Map<String, String> damaged = new ConcurrentHashMap<>();

  /** Run before a checkpoint is made. */
  public Runnable beforeLoad = () -> {};

  /** Run before a base model is made. */
  public Runnable beforeBase = () -> {};

  @Override
  public String baseHash() {
    return BASE;
  }

  @Override
  public Model base(TaskLanguage language) {
    beforeBase.run();
    return make(language.task().name() + "/0");
  }

  @Override
  public Model of(TaskLanguage language, CheckpointManifest manifest) throws IOException {
    beforeLoad.run();
    String name = manifest.task() + "/" + manifest.version();
    if (damaged.containsKey(name)) {
      throw new IOException(damaged.get(name));
    }
    return make(name);
  }

  private Model make(String name) {
    made.add(name);
    return new Fake(name);
  }

  private List<Model.Scores> score(List<Model.Row> rows) {
    batches.add(rows.size());
    return rows.stream()
        .map(
            row -> {
              Fake fake = (Fake) row.model();
              return new Model.Scores(fake.answer(row.prompt()), probabilities.get(fake.name));
            })
        .toList();
  }

  private final class Fake implements Model {
    private final String name;
    private final BatchGroup alone = FakeModelLoader.this::score;
    private volatile boolean isClosed;

    Fake(String name) {
      this.name = name;
    }

    Answer answer(Prompt prompt) {
      if (isClosed) {
        throw new IllegalStateException(name + " is closed");
      }
      if (prompt.text().contains("poison")) {
        throw new IllegalArgumentException("poison");
      }
      if (answers != null) {
        return answers.apply(prompt);
      }
      return Answer.ofLabels(name, Map.of(name, 1.0));
    }

    @Override
    public RowSampler.Sample sample(
        Map<String, Object> given, int count, double temperature, long seed) {
      throw new IllegalStateException("only answers are faked");
    }

    @Override
    public BatchGroup batchGroup() {
      return oneGroup ? group : alone;
    }

    @Override
    public long bytes() {
      return 100;
    }

    @Override
    public void close() {
      isClosed = true;
      closed.add(name);
    }
  }

  /** A manifest whose bytes are not read. */
  public static CheckpointManifest manifest(TaskSpec task, long version) {
    return manifest(task, version, BASE, "sha-" + version);
  }

  public static CheckpointManifest manifest(
      TaskSpec task, long version, String base, String sha256) {
    return new CheckpointManifest(
        task.name(),
        version,
        version - 1,
        task.version(),
        new TaskLanguage(task).hash(),
        base,
        sha256,
        1,
        new CheckpointManifest.Location(0, 0, 1),
        0,
        "test",
        version,
        7,
        Map.of(0, new CheckpointManifest.OffsetRange(0, version)),
        Map.of(),
        1,
        version,
        Map.of(),
        null,
        null);
  }
}
