package io.lift.evaluator;

import io.lift.evaluator.page.Broadcast;
import io.lift.evaluator.page.DeadLetterView;
import io.lift.evaluator.page.LivePage;
import io.lift.evaluator.page.LogFollower;
import io.lift.evaluator.page.LogFollower.Source;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.LabelMessage;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.service.kafka.KafkaSettings;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps the live page's state up to date and tells open pages. */
@ApplicationScoped
public class PageService {
  /** Records of each partition from before the start that the page shows. */
  private static final long PREDICTIONS = 100;

  private static final long LABELS = 300;
  private static final long DEAD_LETTERS = 50;
  private static final long CHECKPOINTS = 2_000;

  private final Map<String, Object> kafka;
  private final LivePage page = new LivePage();
  private final Broadcast broadcast;
  private LogFollower follower;

  PageService(EvaluatorConfig config, KafkaSettings kafka) {
    this.kafka = kafka.map();
    this.broadcast = new Broadcast(page, config.page().patience());
  }

  /** To be called once the topics exist. */
  void start() {
    follower =
        new LogFollower(
            kafka,
            List.of(
                table(Topics.TASKS, page::task),
                table(Topics.METRICS, page::metrics),
                table(Topics.CHARTS, page::charts),
                table(Topics.TRAINING, page::progress),
                table(Topics.ROLLBACKS, page::rollback),
                table(Topics.CHECKPOINTS, (task, manifest) -> page.checkpoint(manifest)),
                tail(Topics.CHECKPOINTS_LOG, CHECKPOINTS, (r, m) -> page.checkpoint(m)),
                tail(Topics.PREDICTIONS, PREDICTIONS, this::predicted),
                Source.tail(Topics.PROMPTS.name(), LABELS, this::labelled),
                Source.tail(Topics.LABELS.name(), LABELS, this::labelled),
                Source.tail(
                    Topics.DEAD_LETTERS.name(),
                    DEAD_LETTERS,
                    record -> page.deadLetter(DeadLetterView.of(record)))),
            page::ready);
    follower.start();
    broadcast.start();
  }

  void stop(@Observes ShutdownEvent event) {
    broadcast.close();
    if (follower != null) {
      follower.close();
    }
  }

  public LivePage page() {
    return page;
  }

  public Broadcast broadcast() {
    return broadcast;
  }

  private static <V> Source table(Topic<V> topic, BiConsumer<String, V> reader) {
    return Source.table(
        topic.name(),
        record ->
            reader.accept(
                HeaderValues.text(record.key()),
                record.value() == null ? null : Json.read(record.value(), topic.valueType())));
  }

  private static <V> Source tail(
      Topic<V> topic, long records, BiConsumer<ConsumerRecord<byte[], byte[]>, V> reader) {
    return Source.tail(
        topic.name(),
        records,
        record -> reader.accept(record, Json.read(record.value(), topic.valueType())));
  }

  private void predicted(ConsumerRecord<byte[], byte[]> record, PredictionMessage message) {
    page.predicted(message, record.timestamp());
  }

  /** An example and a label have the same fields of those that count here. */
  private void labelled(ConsumerRecord<byte[], byte[]> record) {
    page.labelled(Json.read(record.value(), LabelMessage.class));
  }
}
