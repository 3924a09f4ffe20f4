package io.lift.evaluator.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.answer.Answer;
import io.lift.core.calibration.RowDraw;
import io.lift.core.mixture.LikelihoodWeights;
import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.evaluator.scoring.JoinInput.Prediction;
import io.lift.evaluator.scoring.JoinInput.Training;
import io.lift.evaluator.scoring.JoinInput.Truth;
import io.lift.kafka.Traces;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PromptOffset;
import io.lift.messages.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the predictions and truths of a row, in any order.
 *
 * <p>A row and a label that come apart also become a training example, see {@link ExampleJoin}.
 *
 * <p>The first of the two waits for its partner for one time-to-live of event time, counted from
 * its input: no record is rejected for its age, so a replay of an old log joins as the first run
 * did. After that it expires (a prediction counts as unmatched), and a partner that comes within
 * another time-to-live counts as late. A matched row is stored for one time-to-live to recognise
 * duplicates. Event time is the greatest timestamp seen by the partition.
 *
 * <p>A prediction that comes after its label may be of a checkpoint that was trained on it, if a
 * training example was made of the label. Then it is held until the example has been read in its
 * topic, whose offset says so. A prediction that comes before its label cannot be of such a
 * checkpoint: the label was written to this partition before its example was made.
 */
final class JoinProcessor implements Processor<String, JoinInput, String, ParsedInput> {
  private static final Logger LOG = LoggerFactory.getLogger(JoinProcessor.class);

  static final String ROWS = "rows";
  static final String TIMELINE = "timeline";
  static final String SEEN = "seen";

  private final Topics topics;
  private final Traces traces;
  private final RejectedRecords rejected;
  private final long timeToLive;
  private final Duration reportEvery;
  private final Set<String> newlySeen = new HashSet<>();
  private ProcessorContext<String, ParsedInput> context;
  private KeyValueStore<String, Entry> rows;

  private Timeline timeline;
  private ExampleJoin examples;

  /** Task → how many of its rows this partition has seen. */
  private KeyValueStore<String, Outcome.Seen> seen;

  JoinProcessor(EvaluatorSettings settings, Topics topics, Traces traces) {
    this.topics = topics;
    this.traces = traces;
    this.rejected = new RejectedRecords(topics);
    this.timeToLive = settings.timeToLive().toMillis();
    this.reportEvery = settings.publishInterval();
  }

  /** The state of a row. */
  enum Phase {
    WAITING,
    /** Prediction and truth are there; the place of the truth's training example is not known. */
    HELD,
    EXPIRED,
    DONE
  }

  /**
   * A row in the store.
   *
   * @param phase its state
   * @param prediction the prediction that waits or has expired, or null
   * @param truth the truth that waits or has expired, or null
   * @param expiresAt event time of the next step
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Entry(Phase phase, Prediction prediction, Truth truth, long expiresAt) {}

  static Set<StoreBuilder<?>> stores(Function<String, KeyValueBytesStoreSupplier> kind) {
    Set<StoreBuilder<?>> stores = new HashSet<>(ExampleJoin.stores(kind));
    stores.add(
        Stores.keyValueStoreBuilder(kind.apply(ROWS), Serdes.String(), Json.serde(Entry.class)));
    stores.add(
        Stores.keyValueStoreBuilder(kind.apply(TIMELINE), Serdes.Bytes(), Serdes.ByteArray()));
    stores.add(
        Stores.keyValueStoreBuilder(
                kind.apply(SEEN), Serdes.String(), Json.serde(Outcome.Seen.class))
            .withCachingEnabled());
    return stores;
  }

  @Override
  public void init(ProcessorContext<String, ParsedInput> context) {
    this.context = context;
    rows = context.getStateStore(ROWS);
    timeline = new Timeline(context.getStateStore(TIMELINE));
    examples = new ExampleJoin(context);
    seen = context.getStateStore(SEEN);
    newlySeen.clear();
    try (KeyValueIterator<String, Outcome.Seen> all = seen.all()) {
      all.forEachRemaining(entry -> newlySeen.add(entry.key)); // may not have been reported
    }
    context.schedule(reportEvery, PunctuationType.WALL_CLOCK_TIME, this::report);
    long every = Math.max(1, Math.min(timeToLive / 10, 60_000));
    context.schedule(Duration.ofMillis(every), PunctuationType.STREAM_TIME, this::expire);
  }

  @Override
  public void process(Record<String, JoinInput> in) {
    JoinInput input = in.value();
    if (input.row() == null) {
      deleteTask(in.key());
      seen.delete(input.task());
      newlySeen.remove(input.task());
      return;
    }
    if (input.question() != null) {
      examples
          .add(in.key(), input, input.question(), now())
          .ifPresent(example -> learn(in, example));
      return;
    }
    Entry entry = rows.get(in.key());
    if (input.truth() != null && input.truth().training() == Training.JOINED) {
      locate(in, entry);
      return;
    }
    join(in, entry);
    if (input.completion() != null) {
      examples
          .add(in.key(), input, input.completion(), now())
          .ifPresent(example -> learn(in, example));
    }
  }

  private void join(Record<String, JoinInput> in, Entry entry) {
    JoinInput input = in.value();
    if (entry == null || !isSecond(entry, input)) {
      count(input.task(), entry == null, input.prediction() != null);
    }
    if (entry == null) {
      put(in.key(), Phase.WAITING, input.prediction(), input.truth(), now());
    } else if (isSecond(entry, input)) {
      emit(input.task(), Outcome.of(Outcome.Kind.DUPLICATE));
    } else if (entry.phase() == Phase.WAITING && is(Training.COMING, entry.truth())) {
      put(in.key(), Phase.HELD, input.prediction(), entry.truth(), now());
    } else {
      put(in.key(), Phase.DONE, null, null, now());
      match(entry, input, in.timestamp());
    }
  }

  /** Sends a training example to its topic. A prediction that comes later may have learned it. */
  private void learn(Record<String, JoinInput> in, JoinedExample example) {
    String task = in.value().task();
    emit(task, Outcome.of(Outcome.Kind.JOINED));
    Headers language = new RecordHeaders();
    HeaderValues.add(language, io.lift.messages.Headers.LANGUAGE, example.language());
    context.forward(new Record<>(task, example, in.timestamp(), language));
    Entry entry = rows.get(in.key());
    if (entry != null && entry.phase() == Phase.WAITING && is(Training.NONE, entry.truth())) {
      Truth coming = entry.truth().withTraining(Training.COMING);
      rows.put(in.key(), new Entry(entry.phase(), null, coming, entry.expiresAt()));
    }
  }

  /** A training example that was made here has been read in its topic. */
  private void locate(Record<String, JoinInput> in, Entry entry) {
    Truth located = in.value().truth();
    if (entry == null || !is(Training.COMING, entry.truth())) {
      return;
    }
    if (entry.phase() == Phase.HELD) {
      put(in.key(), Phase.DONE, null, null, now());
      Entry waiting = new Entry(Phase.WAITING, entry.prediction(), null, 0);
      match(waiting, in.value(), in.timestamp());
    } else {
      rows.put(in.key(), new Entry(entry.phase(), null, located, entry.expiresAt()));
    }
  }

  private static boolean is(Training training, Truth truth) {
    return truth != null && truth.training() == training;
  }

  private void count(String task, boolean row, boolean prediction) {
    Outcome.Seen before = seen.get(task);
    Outcome.Seen none = new Outcome.Seen(context.taskId().partition(), 0, 0);
    seen.put(task, (before == null ? none : before).plus(row, prediction));
    newlySeen.add(task);
  }

  private void report(long now) {
    for (String task : newlySeen) {
      Outcome outcome = Outcome.seen(seen.get(task));
      context.forward(new Record<>(task, outcome, now));
    }
    newlySeen.clear();
  }

  private static boolean isSecond(Entry entry, JoinInput input) {
    return entry.phase() == Phase.DONE
        || entry.phase() == Phase.HELD
        || (entry.prediction() != null && input.prediction() != null)
        || (entry.truth() != null && input.truth() != null);
  }

  private void match(Entry entry, JoinInput input, long timestamp) {
    if (entry.phase() == Phase.EXPIRED) {
      emit(input.task(), Outcome.of(Outcome.Kind.LATE));
      return;
    }
    Prediction prediction = entry.prediction() != null ? entry.prediction() : input.prediction();
    Truth truth = entry.truth() != null ? entry.truth() : input.truth();
    if (prediction.hadSeen(truth)) {
      emit(input.task(), Outcome.of(Outcome.Kind.LEAKED));
    } else if (!canBe(truth.label(), prediction.answer())) {
      reject(input, truth);
    } else {
      traces
          .begin("score", prediction.trace())
          .setAttribute("lift.task", input.task())
          .setAttribute("lift.row", input.row())
          .setAttribute("lift.checkpoint", prediction.version())
          .end();
      emit(
          input.task(),
          Outcome.scored(
              new Outcome.Scored(
                  truth.label(),
                  prediction.answer(),
                  prediction.version(),
                  prediction.latencyMillis(),
                  timestamp,
                  RowDraw.of(input.row()),
                  scores(prediction, truth, input),
                  place(prediction, truth))));
    }
  }

  private static PromptOffset place(Prediction prediction, Truth truth) {
    if (truth.trainable()) {
      return new PromptOffset(truth.partition(), truth.offset());
    }
    PredictionMessage.Support support = prediction.support();
    return support == null ? null : new PromptOffset(support.partition(), support.to());
  }

  /**
   * What the predictors said; null for a checkpoint that answered alone. Nothing is learned from
   * rows that are only for tests.
   */
  private static Map<String, LikelihoodWeights.Score> scores(
      Prediction prediction, Truth truth, JoinInput input) {
    boolean learned = truth.training() != Training.NONE || input.completion() != null;
    return prediction.predictors() == null || learned
        ? PredictorScores.of(prediction, truth.label())
        : Map.of();
  }

  /** The serializer never sends such a truth. Its bytes are still in its topic. */
  private void reject(JoinInput input, Truth truth) {
    String topic = (truth.trainable() ? topics.prompts() : topics.labels()).name();
    RowRejectedException error =
        new RowRejectedException(
            RejectReason.WRONG_TYPE,
            "label",
            "Label '%s' is not an answer to row %s of task %s, at %s, partition %d, offset %d."
                .formatted(
                    truth.label(),
                    input.row(),
                    input.task(),
                    topic,
                    truth.partition(),
                    truth.offset()));
    LOG.atWarn()
        .addKeyValue("task", input.task())
        .addKeyValue("topic", topic)
        .addKeyValue("partition", truth.partition())
        .addKeyValue("offset", truth.offset())
        .log("truth rejected: {}", error.getMessage());
    Record<byte[], byte[]> record =
        new Record<>(input.row().getBytes(StandardCharsets.UTF_8), Json.write(truth), now());
    context.forward(rejected.of(error, topic, truth.partition(), truth.offset(), record));
  }

  private static boolean canBe(String truth, Answer answer) {
    if (answer.value() == null) {
      return answer.probabilities().containsKey(truth);
    }
    try {
      return Double.isFinite(Double.parseDouble(truth));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void put(String key, Phase phase, Prediction prediction, Truth truth, long from) {
    long expiresAt = from + timeToLive;
    rows.put(key, new Entry(phase, prediction, truth, expiresAt));
    timeline.add(expiresAt, key);
  }

  private void expire(long now) {
    timeline.expire(
        now,
        (key, moment) -> {
          Entry entry = rows.get(key);
          // a row that has changed since has a later moment
          if (entry != null && entry.expiresAt() == moment) {
            expire(key, entry);
          }
        });
    examples.expire(now, key -> emit(task(key), Outcome.of(Outcome.Kind.UNJOINED)));
  }

  private void expire(String key, Entry entry) {
    if (entry.phase() == Phase.EXPIRED || entry.phase() == Phase.DONE) {
      rows.delete(key);
      return;
    }
    if (entry.prediction() != null) {
      emit(task(key), Outcome.of(Outcome.Kind.UNMATCHED));
    }
    put(key, Phase.EXPIRED, entry.prediction(), entry.truth(), entry.expiresAt());
  }

  private void deleteTask(String prefix) {
    try (KeyValueIterator<String, Entry> all = rows.prefixScan(prefix, new StringSerializer())) {
      while (all.hasNext()) {
        rows.delete(all.next().key);
      }
    }
    examples.deleteTask(prefix);
  }

  /** The task in a {@link JoinInput#key}. */
  private static String task(String key) {
    return key.substring(0, key.indexOf('/'));
  }

  private void emit(String task, Outcome outcome) {
    context.forward(new Record<>(task, outcome, now()));
  }

  private long now() {
    return Math.max(0, context.currentStreamTimeMs());
  }
}
