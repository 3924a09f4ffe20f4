package io.lift.trainer.publish;

import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.DeadLetters;
import io.lift.messages.HeaderValues;
import io.lift.messages.RecordSize;
import io.lift.trainer.prompts.PromptRejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records that cannot be trained on to {@code lift.dead-letters}, at least once: a trainer
 * that is killed before its next checkpoint may send one again. For one thread at a time.
 */
public final class DeadLetterSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterSender.class);
  private static final long RETRY_MILLIS = 1_000;

  private final DeadLetters letters;
  private final Producer<byte[], byte[]> producer;
  private final List<Sent> pending = new ArrayList<>();

  /**
   * A letter that was sent.
   *
   * @param cut makes what is sent where the topic does not take the letter
   */
  private record Sent(
      ProducerRecord<byte[], byte[]> letter,
      Supplier<ProducerRecord<byte[], byte[]>> cut,
      Future<RecordMetadata> result) {}

  /**
   * @param kafka where the topics are
   */
  public DeadLetterSender(KafkaConnection kafka) {
    letters = new DeadLetters(kafka.topics(), "trainer");
    producer = KafkaClients.producer(kafka.settings(), Map.of(ProducerConfig.LINGER_MS_CONFIG, 5));
  }

  /** Sends a record; {@link #flush} waits for the broker. */
  public void send(ConsumerRecord<byte[], byte[]> record, PromptRejectedException why) {
    String task = HeaderValues.text(record.key());
    ProducerRecord<byte[], byte[]> letter =
        letters.of(record, task, why.reason(), why.field(), why.getMessage());
    Supplier<ProducerRecord<byte[], byte[]>> cut =
        () -> letters.cut(record, task, why.reason(), why.field(), why.getMessage());
    pending.add(new Sent(letter, cut, producer.send(letter)));
  }

  /** Waits until the broker has all letters, however long it does not answer. */
  public void flush() throws InterruptedException {
    for (Sent sent : pending) {
      Optional<Exception> failure = failure(sent.result());
      while (failure.isPresent()) {
        ProducerRecord<byte[], byte[]> next =
            RecordSize.isTooLarge(failure.get()) ? sent.cut().get() : sent.letter();
        LOG.atWarn()
            .addKeyValue("topic", next.topic())
            .addKeyValue("error", failure.get().getMessage())
            .log("a dead letter could not be sent; trying again");
        Thread.sleep(RETRY_MILLIS);
        failure = failure(producer.send(next));
      }
    }
    pending.clear();
  }

  private static Optional<Exception> failure(Future<RecordMetadata> result)
      throws InterruptedException {
    try {
      result.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(e.getCause() instanceof Exception cause ? cause : e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
