package io.lift.inference.models;

import io.lift.core.prompt.TaskLanguage;
import io.lift.kafka.CheckpointFiles;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import io.lift.model.BaseModel;
import io.lift.model.Scorer;
import io.lift.model.scoring.RowSampler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Makes models on the engine of this process; reads their checkpoints from Kafka. */
public final class ScorerModelLoader implements ModelLoader {
  private final Supplier<BaseModel> base;
  private final Scorer.Serving serving;
  private final KafkaConnection kafka;
  private final Duration timeout;
  private final Model.BatchGroup adapters = new Group();

  /**
   * @param base the base model, once it is open; the caller closes it
   * @param serving where the adapters of a published base are kept
   * @param kafka where the checkpoints are
   * @param timeout how long reading one checkpoint may take
   */
  public ScorerModelLoader(
      Supplier<BaseModel> base, Scorer.Serving serving, KafkaConnection kafka, Duration timeout) {
    this.base = base;
    this.serving = serving;
    this.kafka = kafka;
    this.timeout = timeout;
  }

  @Override
  public String baseHash() {
    return base.get().hash();
  }

  @Override
  public Model base(TaskLanguage language) {
    return model(Scorer.base(base.get(), language));
  }

  @Override
  public Model of(TaskLanguage language, CheckpointManifest manifest) throws IOException {
    byte[] file = CheckpointFiles.read(kafka, manifest, timeout);
    return model(Scorer.of(base.get(), language, file, serving));
  }

  private Model model(Scorer scorer) {
    return new ScorerModel(scorer, scorer.sharesPasses() ? adapters : new Group());
  }

  /** All adapters of the base model, or one model with its own weights. */
  private static final class Group implements Model.BatchGroup {
    @Override
    public List<Model.Scores> score(List<Model.Row> rows) {
      List<Scorer.Question> questions =
          rows.stream()
              .map(row -> new Scorer.Question(((ScorerModel) row.model()).scorer(), row.prompt()))
              .toList();
      double[][] found = Scorer.distributions(questions);
      return IntStream.range(0, found.length)
          .mapToObj(i -> scores(questions.get(i), found[i]))
          .toList();
    }

    private static Model.Scores scores(Scorer.Question asked, double[] found) {
      return new Model.Scores(asked.scorer().language().answer(asked.prompt(), found), found);
    }
  }

  private record ScorerModel(Scorer scorer, Model.BatchGroup batchGroup) implements Model {
    @Override
    public RowSampler.Sample sample(
        Map<String, Object> given, int count, double temperature, long seed) {
      return scorer.sample(given, count, temperature, seed);
    }

    @Override
    public long bytes() {
      return scorer.bytes();
    }

    @Override
    public void close() {
      scorer.close();
    }
  }
}
