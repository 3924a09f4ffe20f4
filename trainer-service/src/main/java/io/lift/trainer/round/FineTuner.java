package io.lift.trainer.round;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.BaseModel;
import io.lift.model.FineTuning;
import io.lift.model.RoundProgress;
import io.lift.model.RoundReport;
import io.lift.model.TrainingOptions;
import java.util.List;
import java.util.Map;

/** The fine-tuning of one task as the trainer sees it: rounds in, checkpoint files out. */
public interface FineTuner extends AutoCloseable {

  /** See {@link FineTuning#round}. */
  RoundReport round(List<Example> fresh, List<Example> rehearsed, RoundProgress progress);

  /** See {@link FineTuning#logLikelihoods}. */
  double[] logLikelihoods(List<Example> examples);

  /** Optimizer steps since the base model. */
  long step();

  /** See {@link FineTuning#choices}. */
  Map<String, Object> choices();

  /** The checkpoint file. */
  byte[] checkpoint();

  @Override
  void close();

  /** Opens fine-tunings on one base model. */
  interface Factory {

    /** The base model's hash. */
    String baseModel();

    /** See {@link FineTuning#budget}. */
    double budget(TrainingPolicy policy);

    /**
     * @param checkpoint to continue from, or null to start from the base model
     * @throws io.lift.checkpoint.InvalidCheckpointException if the checkpoint cannot be used
     */
    FineTuner open(TaskLanguage language, TrainingPolicy policy, byte[] checkpoint);

    /** Fine-tunings of the real model. */
    static Factory of(BaseModel base, TrainingOptions options) {
      return new Factory() {
        @Override
        public String baseModel() {
          return base.hash();
        }

        @Override
        public double budget(TrainingPolicy policy) {
          return FineTuning.budget(base, policy, options);
        }

        @Override
        public FineTuner open(TaskLanguage language, TrainingPolicy policy, byte[] checkpoint) {
          FineTuning tuning =
              checkpoint == null
                  ? FineTuning.start(base, language, policy, options)
                  : FineTuning.resume(base, language, policy, options, checkpoint);
          return new FineTuner() {
            @Override
            public RoundReport round(
                List<Example> fresh, List<Example> rehearsed, RoundProgress progress) {
              return tuning.round(fresh, rehearsed, progress);
            }

            @Override
            public double[] logLikelihoods(List<Example> examples) {
              return tuning.logLikelihoods(examples);
            }

            @Override
            public long step() {
              return tuning.step();
            }

            @Override
            public Map<String, Object> choices() {
              return tuning.choices();
            }

            @Override
            public byte[] checkpoint() {
              return tuning.checkpoint();
            }

            @Override
            public void close() {
              tuning.close();
            }
          };
        }
      };
    }
  }
}
