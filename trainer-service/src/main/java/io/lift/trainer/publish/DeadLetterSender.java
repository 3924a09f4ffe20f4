package io.lift.trainer.publish;

import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.DeadLetters;
import io.lift.messages.HeaderValues;
import io.lift.trainer.prompts.PromptRejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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

  private record Sent(ProducerRecord<byte[], byte[]> letter, Future<RecordMetadata> result) {}

  /**
   * @param kafka where the topics are
   */
  public DeadLetterSender(KafkaConnection kafka) {
    letters = new DeadLetters(kafka.topics(), "trainer");
    producer = KafkaClients.producer(kafka.settings(), Map.of(ProducerConfig.LINGER_MS_CONFIG, 5));
  }

  /** Sends a record; {@link #flush} waits for the broker. */
  public void send(ConsumerRecord<byte[], byte[]> record, PromptRejectedException why) {
    ProducerRecord<byte[], byte[]> letter =
        letters.of(
            record, HeaderValues.text(record.key()), why.reason(), why.field(), why.getMessage());
    pending.add(new Sent(letter, producer.send(letter)));
  }

  /** Waits until the broker has all letters, however long it does not answer. */
  public void flush() throws InterruptedException {
    for (Sent sent : pending) {
      Sent last = sent;
      while (!arrived(last)) {
        Thread.sleep(RETRY_MILLIS);
        last = new Sent(sent.letter(), producer.send(sent.letter()));
      }
    }
    pending.clear();
  }

  private static boolean arrived(Sent sent) throws InterruptedException {
    try {
      sent.result().get();
      return true;
    } catch (ExecutionException e) {
      LOG.atWarn()
          .addKeyValue("topic", sent.letter().topic())
          .addKeyValue("error", e.getCause().getMessage())
          .log("a dead letter could not be sent; trying again");
      return false;
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
