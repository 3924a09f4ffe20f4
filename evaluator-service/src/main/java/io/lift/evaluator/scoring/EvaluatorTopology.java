package io.lift.evaluator.scoring;

import io.lift.kafka.Traces;
import io.lift.messages.Json;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * From predictions and truths to metrics, and from rows and labels that come apart to training
 * examples.
 *
 * <pre>
 * tasks, prompts, labels, requests,  by task/row              by task
 * predictions, dead letters ─ parse ─ inputs ─ join ─ outcomes ─ count ─ metrics
 *                         │                    ├─ prompts         ├─ charts, calibration
 *                         └────────────────────┴─ dead letters     └─ events, rollbacks
 * </pre>
 *
 * <p>Parsing, joining and counting meet on internal topics only. If two of them met in a stream,
 * Kafka Streams would make them one, with the stores of the join for each partition of the inputs.
 */
public final class EvaluatorTopology {
  /** Largest record of the internal topics: a score has both inputs of the join. */
  public static final int INTERNAL_RECORD_BYTES = 4 * JoinInput.MAX_BYTES;

  private static final String OUTCOMES = "outcomes";
  private static final String READ_OUTCOMES = "read-outcomes";

  private EvaluatorTopology() {}

  /**
   * @param topics names the topics that it reads and writes
   * @param traces where the span of each score goes
   */
  public static Topology build(EvaluatorSettings settings, Topics topics, Traces traces) {
    return build(settings, topics, traces, Stores::persistentKeyValueStore);
  }

  /**
   * @param kind makes the stores, e.g. in memory for tests
   */
  static Topology build(
      EvaluatorSettings settings,
      Topics topics,
      Traces traces,
      Function<String, KeyValueBytesStoreSupplier> kind) {
    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, ParsedInput> read =
        builder.stream(
                List.of(
                    topics.tasks().name(),
                    topics.prompts().name(),
                    topics.labels().name(),
                    topics.requests().name(),
                    topics.predictions().name(),
                    topics.deadLetters().name()),
                Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                    .withTimestampExtractor(new CappedTimestamp()))
            .process(
                () ->
                    new ParsedInputs(
                        new InputParser(topics, settings.partitions()), topics, traces));
    KStream<String, ParsedInput> joined =
        only(JoinInput.class, read)
            .repartition(
                Repartitioned.<String, JoinInput>as("join-inputs")
                    .withKeySerde(Serdes.String())
                    .withValueSerde(Json.serde(JoinInput.class))
                    .withNumberOfPartitions(settings.partitions())
                    .withStreamPartitioner(byRow()))
            .process(
                withStores(
                    JoinProcessor.stores(kind), () -> new JoinProcessor(settings, topics, traces)));
    KStream<String, Object> metrics =
        only(Outcome.class, joined)
            .repartition(
                Repartitioned.<String, Outcome>as(OUTCOMES)
                    .withKeySerde(Serdes.String())
                    .withValueSerde(Json.serde(Outcome.class))
                    .withNumberOfPartitions(settings.partitions()))
            .process(withStores(MetricsStore.stores(kind), () -> new MetricsProcessor(settings)));
    publish(metrics, topics.metrics());
    publish(metrics, topics.charts());
    publish(metrics, topics.calibration());
    KStream<String, Object> decisions = metrics.filter((task, decision) -> decision != null);
    publish(decisions, topics.events());
    publish(decisions, topics.rollbacks());
    only(JoinedExample.class, joined)
        .mapValues(example -> Json.write(example.prompt()))
        .to(topics.prompts().name(), Produced.with(Serdes.String(), Serdes.ByteArray()));
    sendDeadLetters(read, topics);
    sendDeadLetters(joined, topics);
    only(Outcome.class, read, Named.as(READ_OUTCOMES));
    return builder
        .build()
        .addSink(
            READ_OUTCOMES + "-sink",
            OUTCOMES + "-repartition",
            Serdes.String().serializer(),
            Json.serde(Outcome.class).serializer(),
            READ_OUTCOMES);
  }

  private static void sendDeadLetters(KStream<String, ParsedInput> from, Topics topics) {
    only(DeadLetter.class, from)
        .map((key, letter) -> KeyValue.pair(letter.key(), letter.value()))
        .to(topics.deadLetters().name(), Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
  }

  /**
   * Forwards messages of the topic's type that it takes. The deletion of a task is null and goes to
   * each topic.
   */
  private static <V> void publish(KStream<String, Object> messages, Topic<V> topic) {
    MessageLimit limit = new MessageLimit(topic);
    messages
        .filter((task, message) -> message == null || topic.valueType().isInstance(message))
        .mapValues(message -> message == null ? null : Json.write(message))
        .filter(limit::takes)
        .to(topic.name(), Produced.with(Serdes.String(), Serdes.ByteArray()));
  }

  private static <V extends ParsedInput> KStream<String, V> only(
      Class<V> type, KStream<String, ParsedInput> stream) {
    return stream.filter((key, value) -> type.isInstance(value)).mapValues(type::cast);
  }

  private static <V extends ParsedInput> KStream<String, V> only(
      Class<V> type, KStream<String, ParsedInput> stream, Named name) {
    return stream.filter((key, value) -> type.isInstance(value)).mapValues(type::cast, name);
  }

  /** An input goes to the partition of its key; a deletion goes to the partition that it names. */
  @SuppressWarnings("removal") // the interface's only abstract method is the deprecated one
  private static StreamPartitioner<String, JoinInput> byRow() {
    return (topic, key, input, partitions) -> {
      if (input.partition() != null) {
        return Optional.of(Set.of(input.partition()));
      }
      byte[] bytes = Serdes.String().serializer().serialize(topic, key);
      return Optional.of(Set.of(Utils.toPositive(Utils.murmur2(bytes)) % partitions));
    };
  }

  private static <K, V, L, W> ProcessorSupplier<K, V, L, W> withStores(
      Set<StoreBuilder<?>> stores, ProcessorSupplier<K, V, L, W> processor) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<K, V, L, W> get() {
        return processor.get();
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return stores;
      }
    };
  }
}
