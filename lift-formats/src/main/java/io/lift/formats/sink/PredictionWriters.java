package io.lift.formats.sink;

import io.lift.core.task.Sink;
import io.lift.core.task.SourceFormat;
import io.lift.formats.registry.SchemaRefusedException;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.formats.registry.SchemaUnavailableException;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writers of predictions by topic and format. A registry is asked for the number of a schema on
 * a thread of its own, so nobody waits for it. A number that is known once is kept, so a registry
 * that goes away later is not noticed. A registry that is away, or refuses the schema, is asked
 * again while somebody wants the writer. Thread-safe.
 */
public final class PredictionWriters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PredictionWriters.class);
  private static final PredictionWriter JSON = (id, message) -> written(message);
  private static final WriterState.Waiting ASKED = new WriterState.Waiting(null);

  private final SchemaRegistry registry;
  private final String predictions;
  private final Duration again;
  private final Duration afterRefusal;
  private final BiConsumer<Sink, WriterState.Refused> refused;
  private final Map<Sink, Entry> entries = new ConcurrentHashMap<>();
  private final ExecutorService questions =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "lift-sink-schemas");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * What is known of a topic.
   *
   * @param asking whether the registry is being asked
   * @param at when it was asked, in nanoseconds
   */
  private record Entry(WriterState state, boolean asking, long at) {}

  /**
   * @param predictions name of the topic of all predictions
   * @param again how long after a failure the registry is asked again
   * @param afterRefusal the same after it has refused a schema
   * @param refused told of each new refusal, on the thread that asks
   */
  public PredictionWriters(
      SchemaRegistry registry,
      String predictions,
      Duration again,
      Duration afterRefusal,
      BiConsumer<Sink, WriterState.Refused> refused) {
    this.registry = registry;
    this.predictions = predictions;
    this.again = again;
    this.afterRefusal = afterRefusal;
    this.refused = refused;
  }

  /** Whether predictions can be written to a topic now. The first call has the registry asked. */
  public WriterState state(Sink sink) {
    Entry entry = entries.computeIfAbsent(sink, this::first);
    if (isDue(entry)) {
      entry = entries.computeIfPresent(sink, (key, now) -> isDue(now) ? begin(key, now) : now);
    }
    return entry.state();
  }

  private Entry first(Sink sink) {
    boolean probabilities = sink.withProbabilities();
    String topic = sink.topic();
    PredictionWriter writer =
        switch (sink.formatOrJson()) {
          case JSON -> JSON;
          case CONNECT -> new ConnectWriter(topic, probabilities);
          case CLOUDEVENTS -> new CloudEventsWriter(topic, false, predictions);
          case CLOUDEVENTS_BINARY -> new CloudEventsWriter(topic, true, predictions);
          case AVRO, JSON_SCHEMA -> null;
        };
    return writer == null
        ? begin(sink, new Entry(ASKED, false, 0))
        : new Entry(new WriterState.Ready(writer), false, 0);
  }

  private boolean isDue(Entry entry) {
    if (entry.asking() || entry.state() instanceof WriterState.Ready) {
      return false;
    }
    Duration pause = entry.state() instanceof WriterState.Refused ? afterRefusal : again;
    return System.nanoTime() - entry.at() >= pause.toNanos();
  }

  private Entry begin(Sink sink, Entry before) {
    try {
      questions.execute(() -> ask(sink, before.state()));
    } catch (RejectedExecutionException e) { // the service is being stopped
      return before;
    }
    return new Entry(before.state(), true, System.nanoTime());
  }

  private void ask(Sink sink, WriterState before) {
    WriterState state = asked(sink);
    if (!state.equals(before)) {
      log(sink, state);
    }
    entries.put(sink, new Entry(state, false, System.nanoTime()));
    if (state instanceof WriterState.Refused now && !now.equals(before)) {
      refused.accept(sink, now);
    }
  }

  private WriterState asked(Sink sink) {
    boolean probabilities = sink.withProbabilities();
    String subject = sink.topic() + "-value";
    try {
      return switch (sink.formatOrJson()) {
        case AVRO ->
            ready(
                registry.number(
                    subject, SourceFormat.AVRO, AvroWriter.schema(probabilities).toString()),
                number -> new AvroWriter(probabilities, prefix(number)));
        case JSON_SCHEMA ->
            ready(
                registry.number(
                    subject,
                    SourceFormat.JSON_SCHEMA,
                    JsonSchemaWriter.schema(probabilities).toString()),
                number -> new JsonSchemaWriter(probabilities, prefix(number)));
        default -> throw new IllegalStateException("no schema in " + sink);
      };
    } catch (SchemaUnavailableException e) {
      return new WriterState.Waiting(e.getMessage());
    } catch (SchemaRefusedException e) {
      return new WriterState.Refused(
          "The schema registry refuses the schema of predictions as subject '%s' (%s): name another topic with --to, or change the subject's compatibility."
              .formatted(subject, e.getMessage()));
    } catch (RuntimeException e) {
      LOG.debug("the cause", e);
      return new WriterState.Waiting("The schema registry cannot be asked: " + e.getMessage());
    }
  }

  private static WriterState ready(int number, IntFunction<PredictionWriter> writer) {
    return new WriterState.Ready(writer.apply(number));
  }

  private static byte[] prefix(int number) {
    return ByteBuffer.allocate(1 + Integer.BYTES).put((byte) 0).putInt(number).array();
  }

  private static PredictionWriter.Written written(PredictionMessage message) {
    return PredictionWriter.Written.of(Json.write(message));
  }

  private static void log(Sink sink, WriterState state) {
    if (state instanceof WriterState.Waiting waiting) {
      LOG.warn("predictions for topic {} wait: {}", sink.topic(), waiting.why());
    } else if (state instanceof WriterState.Refused no) {
      LOG.warn("predictions do not go to topic {}: {}", sink.topic(), no.why());
    } else {
      LOG.info("predictions go to topic {} as {}", sink.topic(), sink.formatOrJson().word());
    }
  }

  @Override
  public void close() {
    questions.shutdownNow();
  }
}
