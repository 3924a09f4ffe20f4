package io.lift.page;

import io.lift.kafka.EventLog;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.LabelMessage;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.page.audit.Audit;
import io.lift.page.create.Proposals;
import io.lift.page.create.RowUploads;
import io.lift.page.create.TaskPublisher;
import io.lift.page.live.Broadcast;
import io.lift.page.live.DeadLetterView;
import io.lift.page.live.LivePage;
import io.lift.page.live.LogFollower;
import io.lift.page.live.LogFollower.Source;
import io.lift.page.live.ReplyClient;
import io.lift.page.live.RollbackClient;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes the parts of the live page. Each is made when it is first needed. */
@Singleton
public class PageBeans {
  /** Records of each partition from before the start that the page shows. */
  private static final long PREDICTIONS = 100;

  private static final long LABELS = 300;
  private static final long DEAD_LETTERS = 50;
  private static final long EVENTS = 500;
  private static final long CHECKPOINTS = 2_000;

  @Produces
  @Singleton
  LivePage page() {
    return new LivePage();
  }

  @Produces
  @Singleton
  Broadcast broadcast(LivePage page, PageConfig config) {
    return new Broadcast(page, config.unreadTimeout());
  }

  void close(@Disposes Broadcast broadcast) {
    broadcast.close();
  }

  @Produces
  @Singleton
  Proposals proposals(PageConfig config) {
    return new Proposals(config.uploadDir(), config.maxUpload());
  }

  void close(@Disposes Proposals proposals) {
    proposals.close();
  }

  @Produces
  @Singleton
  RowUploads uploads(KafkaConnection kafka, LivePage page) {
    return new RowUploads(kafka, page::upload);
  }

  void close(@Disposes RowUploads uploads) {
    uploads.close();
  }

  @Produces
  @Singleton
  TaskPublisher publisher(KafkaConnection kafka, LivePage page) {
    return new TaskPublisher(kafka, page);
  }

  @Produces
  @Singleton
  ReplyClient replies(KafkaConnection kafka, PageConfig config) {
    return new ReplyClient(kafka, config.tryTimeout());
  }

  void close(@Disposes ReplyClient replies) {
    replies.close();
  }

  @Produces
  @Singleton
  RollbackClient rollbacks(LivePage page, KafkaConnection kafka, PageConfig config) {
    return new RollbackClient(page, kafka, config.rollbackTimeout());
  }

  void close(@Disposes RollbackClient rollbacks) {
    rollbacks.close();
  }

  @Produces
  @Singleton
  Audit audit(LivePage page, KafkaConnection kafka, PageConfig config) {
    EventLog log = new EventLog(kafka, config.rollbackTimeout());
    return new Audit(log, task -> page.spec(task).isPresent());
  }

  void close(@Disposes Audit audit) {
    audit.close();
  }

  /** Reads what the page shows from Kafka. */
  @Produces
  @Singleton
  LogFollower follower(KafkaConnection kafka, LivePage page, ReplyClient replies) {
    Topics topics = kafka.topics();
    return new LogFollower(
        kafka.settings(),
        List.of(
            table(topics.tasks(), page::task),
            table(topics.metrics(), page::metrics),
            table(topics.charts(), page::charts),
            table(topics.training(), page::progress),
            table(topics.rollbacks(), page::rollback),
            table(topics.checkpoints(), (task, manifest) -> page.checkpoint(manifest)),
            tail(topics.checkpointsLog(), CHECKPOINTS, (record, m) -> page.checkpoint(m)),
            tail(
                topics.predictions(),
                PREDICTIONS,
                (record, message) -> page.predicted(message, record.timestamp())),
            tail(topics.events(), EVENTS, (record, event) -> page.event(event)),
            // a prompt and a label have the fields that count here in common
            Source.tail(topics.prompts().name(), LABELS, record -> page.labelled(label(record))),
            Source.tail(topics.labels().name(), LABELS, record -> page.labelled(label(record))),
            Source.tail(topics.replies().name(), 0, replies::answered),
            Source.tail(
                topics.deadLetters().name(),
                DEAD_LETTERS,
                record -> page.deadLetter(DeadLetterView.of(record)))),
        page::ready);
  }

  void close(@Disposes LogFollower follower) {
    follower.close();
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

  private static LabelMessage label(ConsumerRecord<byte[], byte[]> record) {
    return Json.read(record.value(), LabelMessage.class);
  }
}
