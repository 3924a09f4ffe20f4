package io.lift.page;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.LabelMessage;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.page.create.Proposals;
import io.lift.page.create.RowUploads;
import io.lift.page.live.Broadcast;
import io.lift.page.live.DeadLetterView;
import io.lift.page.live.LivePage;
import io.lift.page.live.LogFollower;
import io.lift.page.live.LogFollower.Source;
import io.lift.page.live.ReplyClient;
import io.lift.page.live.RollbackClient;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Keeps the live page's state up to date and tells open pages. */
@ApplicationScoped
public class PageService {
  /** Records of each partition from before the start that the page shows. */
  private static final long PREDICTIONS = 100;

  private static final long LABELS = 300;
  private static final long DEAD_LETTERS = 50;
  private static final long CHECKPOINTS = 2_000;

  private static final Duration SHOWN_WITHIN = Duration.ofSeconds(5);

  private final PageConfig config;
  private final KafkaConnection kafka;
  private final LivePage page = new LivePage();
  private final Broadcast broadcast;
  private final Proposals proposals;
  private final RowUploads uploads;
  private LogFollower follower;
  private ReplyClient asker;
  private RollbackClient rollbacks;

  PageService(PageConfig config, KafkaConnection kafka) {
    this.config = config;
    this.kafka = kafka;
    this.broadcast = new Broadcast(page, config.patience());
    this.proposals = new Proposals(config.uploadDir(), config.maxUpload());
    this.uploads = new RowUploads(kafka, page::upload);
  }

  /** To be called once the topics exist. */
  public void start() {
    Topics topics = kafka.topics();
    asker = new ReplyClient(kafka, config.tryTimeout());
    rollbacks = new RollbackClient(page, kafka, config.rollbackTimeout());
    follower =
        new LogFollower(
            kafka.settings(),
            List.of(
                table(topics.tasks(), page::task),
                table(topics.metrics(), page::metrics),
                table(topics.charts(), page::charts),
                table(topics.training(), page::progress),
                table(topics.rollbacks(), page::rollback),
                table(topics.checkpoints(), (task, manifest) -> page.checkpoint(manifest)),
                tail(topics.checkpointsLog(), CHECKPOINTS, (r, m) -> page.checkpoint(m)),
                tail(topics.predictions(), PREDICTIONS, this::predicted),
                Source.tail(topics.prompts().name(), LABELS, this::labelled),
                Source.tail(topics.labels().name(), LABELS, this::labelled),
                Source.tail(topics.replies().name(), 0, asker::answered),
                Source.tail(
                    topics.deadLetters().name(),
                    DEAD_LETTERS,
                    record -> page.deadLetter(DeadLetterView.of(record)))),
            page::ready);
    follower.start();
    broadcast.start();
  }

  void stop(@Observes ShutdownEvent event) {
    broadcast.close();
    uploads.close();
    proposals.close();
    if (follower != null) {
      follower.close();
      asker.close();
      rollbacks.close();
    }
  }

  /** Publishes a task and waits until the page shows it, for a while at most. */
  public void publish(TaskSpec task) throws InterruptedException, ExecutionException {
    try (KafkaProducer<byte[], byte[]> producer =
        KafkaClients.producer(kafka.settings(), Map.of())) {
      producer
          .send(
              new ProducerRecord<>(
                  kafka.topics().tasks().name(), HeaderValues.bytes(task.name()), Json.write(task)))
          .get();
    }
    long deadline = System.nanoTime() + SHOWN_WITHIN.toNanos();
    while (page.spec(task.name()).isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
  }

  /** How the page reaches Kafka. */
  public KafkaConnection kafka() {
    return kafka;
  }

  public ReplyClient asker() {
    return asker;
  }

  public RollbackClient rollbacks() {
    return rollbacks;
  }

  public Proposals proposals() {
    return proposals;
  }

  public RowUploads uploads() {
    return uploads;
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
