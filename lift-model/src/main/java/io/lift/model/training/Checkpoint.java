package io.lift.model.training;

import io.lift.model.decoder.FlatLayout;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.incontext.StoredRows;

/**
 * What a fine-tuning needs to continue and a scorer to serve. {@link CheckpointCodec} makes a file
 * of it.
 *
 * @param state what training changes
 * @param provenance what the state belongs to
 * @param support labelled rows that answers are based on
 */
public record Checkpoint(State state, Provenance provenance, Support support) {

  /**
   * What training changes.
   *
   * @param parameters (M, P)
   * @param optimizer AdamW's moments; null where the optimizer was reset
   * @param step optimizer steps since the base model
   * @param rounds where among the rounds it was made
   * @param seed of every random choice; seed and step are the random state
   */
  public record State(
      float[] parameters, Moments optimizer, long step, RoundPosition rounds, long seed) {}

  /**
   * AdamW's state.
   *
   * @param first running mean of the gradient, (M, P)
   * @param second running mean of its square, (M, P)
   */
  public record Moments(float[] first, float[] second) {}

  /**
   * Where among the rounds a checkpoint was made.
   *
   * @param done completed rounds
   * @param step steps done of the running round; 0 between rounds
   * @param rows hash of the running round's rows; empty between rounds
   */
  public record RoundPosition(long done, int step, String rows) {
    /** Before the first round. */
    public static final RoundPosition START = between(0);

    /** Between two rounds. */
    public static RoundPosition between(long done) {
      return new RoundPosition(done, 0, "");
    }
  }

  /**
   * What a state belongs to.
   *
   * @param layout of a member's parameters, P numbers
   * @param ensemble the M members with their weights
   * @param recipe the training recipe, as text for the reader
   * @param base the base model's hash
   * @param language the task language's hash
   */
  public record Provenance(
      FlatLayout layout, Ensemble ensemble, String recipe, String base, String language) {}

  /**
   * Labelled rows that answers are based on.
   *
   * @param rows the support set of the in-context model; null where that model has no weight
   * @param inContextModel the hash of the in-context model; null with the rows
   * @param context rows that stand before prompts, as {@link io.lift.model.method.ContextRows}
   *     writes them; null for none
   */
  public record Support(StoredRows rows, String inContextModel, String context) {
    /** No rows. */
    public static final Support NONE = new Support(null, null, null);
  }

  /** A fine-tuning that has not begun: no steps and no optimizer state. */
  public static Checkpoint initial(float[] parameters, long seed, Provenance provenance) {
    State state = new State(parameters, null, 0, RoundPosition.START, seed);
    return new Checkpoint(state, provenance, Support.NONE);
  }

  /** M. */
  public int members() {
    return provenance.ensemble().size();
  }

  /**
   * Steps since the optimizer was reset: adapters keep its state over all rounds, whole models
   * reset it after each.
   */
  public long optimizerSteps() {
    if (state.optimizer() == null) {
      return 0;
    }
    return provenance.layout() instanceof AdapterLayout ? state.step() : state.rounds().step();
  }

  /** The same with other rows. */
  public Checkpoint with(Support newSupport) {
    return new Checkpoint(state, provenance, newSupport);
  }

  /**
   * The same with some of its members.
   *
   * @param fewer members of this one's ensemble, whose weights may differ
   */
  public Checkpoint with(Ensemble fewer) {
    Moments moments = state.optimizer();
    return new Checkpoint(
        new State(
            only(state.parameters(), fewer),
            moments == null
                ? null
                : new Moments(only(moments.first(), fewer), only(moments.second(), fewer)),
            state.step(),
            state.rounds(),
            state.seed()),
        new Provenance(
            provenance.layout(),
            fewer,
            provenance.recipe(),
            provenance.base(),
            provenance.language()),
        support);
  }

  private float[] only(float[] all, Ensemble fewer) {
    int size = provenance.layout().size();
    float[] some = new float[fewer.size() * size];
    for (int k = 0; k < fewer.size(); k++) {
      int m = provenance.ensemble().indexOf(fewer.members().get(k));
      System.arraycopy(all, m * size, some, k * size, size);
    }
    return some;
  }
}
