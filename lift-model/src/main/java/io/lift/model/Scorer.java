package io.lift.model;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.method.ContextRows;
import io.lift.model.scoring.AdapterContext;
import io.lift.model.scoring.AdapterMerger;
import io.lift.model.scoring.BatchScorer;
import io.lift.model.scoring.DecimalGrammar;
import io.lift.model.scoring.EnsembleScorer;
import io.lift.model.scoring.Generator;
import io.lift.model.scoring.InContextMember;
import io.lift.model.scoring.InContextOnlyScorer;
import io.lift.model.scoring.NumberDistribution;
import io.lift.model.scoring.NumberGoal;
import io.lift.model.scoring.NumberScorer;
import io.lift.model.scoring.RowSampler;
import io.lift.model.scoring.Sampling;
import io.lift.model.scoring.TableAnswers;
import io.lift.model.scoring.WrittenAnswers;
import io.lift.model.text.PublishedEncoder;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableEncoder;
import io.lift.model.text.TaskEncoder;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.ParameterView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Answers prompts of one task with one version of its weights. Answers do not depend on batch size,
 * batch order or the other tasks of the batch (to 1e-4 in f32). Safe for concurrent use; {@link
 * #close()} waits for scoring under way.
 */
public final class Scorer implements AutoCloseable {

  /** Where an adapter is while it serves. */
  public enum Serving {
    /** Beside the base's weights: rows of many tasks and versions go through one pass. */
    UNMERGED,
    /** In a copy of the weights that it changes, which serves this version alone. */
    MERGED
  }

  /**
   * A prompt and who answers it.
   *
   * @param scorer of any task and version
   * @param prompt the row
   */
  public record Question(Scorer scorer, Prompt prompt) {}

  private final BaseModel base;
  private final TaskLanguage language;
  private final TaskEncoder encoder;
  private final NDManager manager;
  private final EnsembleScorer ensemble; // null where adapters serve
  private final InContextMember
      inContext; // null where the pretrained model is not heard beside others
  private final InContextOnlyScorer readAlone; // null where something is trained
  private final BatchScorer batches; // null where whole models serve
  private final List<AdapterContext> versions; // one per adapter
  private final Generator generator;
  private final NumberScorer numbers; // null where whole models serve
  private final RowSampler sampler; // null where columns are not asked
  private final ContextRows context; // null where prompts are read by themselves
  private final boolean merged;
  private final long bytes;
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();
  private boolean closed;

  /** Whole models, those of a committee side by side. */
  Scorer(
      BaseModel base,
      TaskLanguage language,
      TaskEncoder encoder,
      Ensemble committee,
      float[] parameters,
      int[][] shown,
      ContextRows context) {
    this.base = base;
    this.language = language;
    this.context = context;
    this.encoder = encoder;
    this.manager = base.newManager();
    InContextModel voice =
        committee.inContext() > 0 ? InContextModel.of(base, language, encoder, shown) : null;
    boolean alone = committee.readsAlone();
    this.inContext = voice == null || alone ? null : voice.beside();
    this.readAlone = alone ? voice.alone(context) : null;
    int members = committee.size();
    ParameterLayout layout =
        ParameterLayout.of(base.config(), encoder.vocabulary(), encoder.answers());
    DecoderWeights weights =
        DecoderWeights.of(
            layout, TorchEngine.array(manager, parameters, members, layout.size()), members);
    this.ensemble =
        new EnsembleScorer(
            base.decoder(), weights, committee, inContext, encoder, language.candidates(), manager);
    this.batches = null;
    this.versions = List.of();
    this.generator = new Generator(base.decoder(), weights, null, encoder, manager);
    this.sampler =
        language.columns() == null
            ? null
            : new RowSampler(
                language.columns(),
                new TableAnswers(language.columns(), ensemble, (TableEncoder) encoder));
    this.numbers = null;
    this.merged = false;
    this.bytes = (long) Float.BYTES * parameters.length;
  }

  /** A published model with what a fine-tuning learnt, or as it is. */
  private Scorer(BaseModel base, TaskLanguage language, Checkpoint learnt, Serving serving) {
    this.base = base;
    this.language = language;
    this.encoder = base.taskEncoder(language);
    this.context = learnt == null ? null : context(language, learnt);
    this.manager = base.newManager();
    try {
      List<Adapter> adapters =
          learnt == null ? List.of() : adapters(base, language, learnt, manager);
      // several cannot be in the weights at once
      this.merged = adapters.size() == 1 && serving == Serving.MERGED;
      Adapter first = adapters.isEmpty() ? null : adapters.get(0);
      DecoderWeights weights =
          merged ? AdapterMerger.of(base.frozen(), first, manager) : base.frozen();
      Adapter beside = merged ? null : first;
      this.ensemble = null;
      this.inContext = null;
      this.readAlone = null;
      this.batches = new BatchScorer(base.decoder(), weights, manager);
      List<AdapterContext> each = new ArrayList<>();
      each.add(version(beside));
      adapters.stream().skip(1).forEach(adapter -> each.add(version(adapter)));
      this.versions = List.copyOf(each);
      this.generator = new Generator(base.decoder(), weights, beside, encoder, manager);
      this.sampler =
          language.columns() == null
              ? null
              : new RowSampler(
                  language.columns(),
                  new WrittenAnswers(
                      language.columns(), generator, ((PublishedEncoder) encoder).longest()));
      this.numbers = new NumberScorer(base.decoder(), weights, batches, each.get(0), manager);
      long own = 0;
      for (AdapterContext version : versions) {
        own += version.bytes(base.config(), weights.type());
      }
      for (Adapter adapter : adapters) {
        own += merged ? AdapterMerger.bytes(base.frozen(), adapter) : AdapterMerger.bytes(adapter);
      }
      this.bytes = own;
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static ContextRows context(TaskLanguage language, Checkpoint learnt) {
    return learnt.context() == null ? null : ContextRows.ofJson(language.task(), learnt.context());
  }

  /** A prompt after the rows that this version reads before it. */
  private Prompt asked(Prompt prompt) {
    return context == null ? prompt : context.ask(prompt);
  }

  private AdapterContext version(Adapter adapter) {
    return new AdapterContext(language, encoder, adapter, manager.newSubManager(), this::asked);
  }

  private static List<Adapter> adapters(
      BaseModel base, TaskLanguage language, Checkpoint learnt, NDManager manager) {
    int members = learnt.members();
    ParameterView trained = new ParameterFactory(base, language).trained(learnt.layout(), members);
    NDList pieces =
        trained.pieces(
            TorchEngine.array(manager, learnt.parameters(), members, learnt.layout().size()));
    return trained.read(pieces, false).adapters();
  }

  /** A scorer with the base model's weights: what answers before the first checkpoint. */
  public static Scorer base(BaseModel base, TaskLanguage language) {
    if (base.frozen() != null) {
      return new Scorer(base, language, null, Serving.UNMERGED);
    }
    TableEncoder encoder = base.encoder(language);
    Ensemble one = Ensemble.of(1);
    return new Scorer(base, language, encoder, one, base.initial(encoder, one, 0), null, null);
  }

  /**
   * A scorer with a checkpoint's weights, an adapter beside the base's.
   *
   * @throws InvalidCheckpointException if the file is damaged, or made for another base or
   *     language, or beside another pretrained model
   */
  public static Scorer of(BaseModel base, TaskLanguage language, byte[] checkpoint) {
    return of(base, language, checkpoint, Serving.UNMERGED);
  }

  /**
   * A scorer with a checkpoint's weights.
   *
   * @param serving where an adapter is; without meaning for the embedded model
   * @throws InvalidCheckpointException if the file is damaged, or made for another base or
   *     language, or beside another pretrained model
   */
  public static Scorer of(
      BaseModel base, TaskLanguage language, byte[] checkpoint, Serving serving) {
    Checkpoint read = new ParameterFactory(base, language).read(language, checkpoint);
    return base.frozen() != null
        ? new Scorer(base, language, read, serving)
        : new Scorer(
            base,
            language,
            base.taskEncoder(language),
            read.committee(),
            read.parameters(),
            read.shown() == null ? null : read.shown().rows(),
            context(language, read));
  }

  /** One answer per prompt, in order. */
  public List<Answer> score(List<Prompt> prompts) {
    return Arrays.stream(probabilities(prompts)).map(language::answer).toList();
  }

  /**
   * One answer per question, in order. Questions to scorers that {@linkplain #sharesPasses share
   * passes} go through the model together, whatever their tasks and versions.
   *
   * @param questions to scorers of one base model
   */
  public static List<Answer> scoreAll(List<Question> questions) {
    return MixedBatch.score(questions);
  }

  /**
   * The probability of each of the language's candidates for each prompt: (prompts, candidates),
   * rows sum to 1.
   */
  public double[][] probabilities(List<Prompt> prompts) {
    if (ensemble == null) {
      return prompts.isEmpty()
          ? new double[0][]
          : MixedBatch.probabilities(prompts.stream().map(p -> new Question(this, p)).toList());
    }
    Lock held = open();
    try {
      return readAlone != null
          ? readAlone.probabilities(prompts)
          : ensemble.probabilities(prompts.stream().map(this::asked).toList());
    } finally {
      held.unlock();
    }
  }

  /**
   * Distributions over numbers written in digits, one per prompt in order.
   *
   * @throws IllegalStateException for the embedded model, whose numbers are cells of a grid
   */
  public List<NumberDistribution> numbers(
      List<Prompt> prompts, DecimalGrammar grammar, NumberGoal goal) {
    if (ensemble != null) {
      throw new IllegalStateException("the embedded model writes numbers as cells of a grid");
    }
    Lock held = open();
    try {
      return numbers.distributions(
          prompts.stream().map(this::asked).map(encoder::prompt).toList(), grammar, goal);
    } finally {
      held.unlock();
    }
  }

  /** What the model writes after each prompt, in order. */
  public List<String> generate(List<Prompt> prompts, Sampling how) {
    Lock held = open();
    try {
      return generator.generate(prompts.stream().map(this::asked).toList(), how);
    } finally {
      held.unlock();
    }
  }

  /**
   * Rows as this version would expect them; of several adapters the first one is asked.
   *
   * @param given see {@link RowSampler#sample}
   * @throws IllegalStateException if the task does not learn to generate rows
   */
  public RowSampler.Sample sample(
      Map<String, Object> given, int count, double temperature, long seed) {
    if (sampler == null) {
      throw new IllegalStateException(
          "task " + language.task().name() + " does not learn to generate rows");
    }
    Lock held = open();
    try {
      return sampler.sample(given, count, temperature, seed);
    } finally {
      held.unlock();
    }
  }

  /** Whether its rows can go through one pass with those of the base's other scorers. */
  public boolean sharesPasses() {
    return ensemble == null && !merged;
  }

  /** Memory that it takes beside the base model. */
  public long bytes() {
    return bytes;
  }

  BaseModel model() {
    return base;
  }

  TaskLanguage language() {
    return language;
  }

  /** Scores rows of all versions that share its passes. */
  BatchScorer batches() {
    return batches;
  }

  /** A row for each of its adapters, whose answers are averaged. */
  List<BatchScorer.Row> rows(Prompt prompt) {
    int[] tokens = encoder.prompt(asked(prompt));
    return versions.stream().map(version -> new BatchScorer.Row(version, tokens)).toList();
  }

  /** A held lock under which this scorer stays open. */
  Lock open() {
    Lock lock = inUse.readLock();
    lock.lock();
    if (closed) {
      lock.unlock();
      throw new IllegalStateException("this scorer is closed");
    }
    return lock;
  }

  /** For tests: log probabilities of all tokens, of an ensemble of one. */
  float[] logProbabilities(Sequence[] rows) {
    return ensemble.logProbabilities(rows);
  }

  @Override
  public void close() {
    inUse.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        if (inContext != null) {
          inContext.close();
        }
        if (readAlone != null) {
          readAlone.close();
        }
        manager.close();
      }
    } finally {
      inUse.writeLock().unlock();
    }
  }
}
