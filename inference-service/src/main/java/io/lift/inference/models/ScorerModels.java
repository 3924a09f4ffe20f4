package io.lift.inference.models;

import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.messages.CheckpointFiles;
import io.lift.messages.CheckpointManifest;
import io.lift.model.BaseModel;
import io.lift.model.Scorer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Models of the language model in this process, their checkpoints read from Kafka. */
public final class ScorerModels implements Models {
  private final BaseModel base;
  private final Map<String, Object> kafka;
  private final Duration timeout;

  /**
   * @param base the base model; stays open until its owner closes it
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param timeout how long reading one checkpoint may take
   */
  public ScorerModels(BaseModel base, Map<String, Object> kafka, Duration timeout) {
    this.base = base;
    this.kafka = Map.copyOf(kafka);
    this.timeout = timeout;
  }

  @Override
  public String baseHash() {
    return base.hash();
  }

  @Override
  public Model base(TaskLanguage language) {
    return new ScorerModel(Scorer.base(base, language));
  }

  @Override
  public Model of(TaskLanguage language, CheckpointManifest manifest) throws IOException {
    byte[] file = CheckpointFiles.read(kafka, manifest, timeout);
    return new ScorerModel(Scorer.of(base, language, file));
  }

  private record ScorerModel(Scorer scorer) implements Model {
    @Override
    public List<Answer> score(List<Prompt> prompts) {
      return scorer.score(prompts);
    }

    @Override
    public void close() {
      scorer.close();
    }
  }
}
