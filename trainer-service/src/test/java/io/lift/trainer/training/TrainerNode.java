package io.lift.trainer.training;

import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.Traces;
import io.lift.messages.Topics;
import io.lift.trainer.publish.CheckpointListener;
import io.lift.trainer.round.FineTuner;
import io.lift.trainer.round.RoundPolicy;
import io.lift.trainer.round.RoundSharing;
import io.lift.trainer.round.TrainerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** A trainer with a plain polling loop around it, as the service's channel is one. */
public final class TrainerNode implements AutoCloseable {
  private static final Topics TOPICS = Topics.of("");
  static final String GROUP = TOPICS.groups().trainer();

  private final Trainer trainer;
  private final Consumer<byte[], byte[]> consumer;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean frozen;
  private volatile boolean rejected;
  private final Map<TopicPartition, Integer> consumed = new ConcurrentHashMap<>();

  TrainerNode(TrainerTopics broker, String name, FineTuner.Factory factory) {
    this(broker, name, factory, Map.of());
  }

  TrainerNode(
      TrainerTopics broker,
      String name,
      FineTuner.Factory factory,
      Map<String, Object> consumerSettings) {
    this(broker, factory, consumerSettings, settings(name, 1_000));
  }

  TrainerNode(
      TrainerTopics broker,
      FineTuner.Factory factory,
      Map<String, Object> consumerSettings,
      TrainerSettings settings) {
    trainer =
        new Trainer(
            broker.connection(), Traces.NONE, settings, factory, meters, CheckpointListener.NONE);
    Map<String, Object> kafka = new java.util.HashMap<>(broker.kafka());
    kafka.putAll(consumerSettings);
    consumer =
        KafkaClients.consumer(
            kafka,
            Map.of(
                "group.id",
                GROUP,
                "partition.assignment.strategy",
                CooperativeStickyAssignor.class.getName(),
                "max.poll.records",
                50));
    trainer.whenRejected(() -> rejected = true);
    trainer.start();
    thread = new Thread(this::poll, "poll-" + settings.instance());
    thread.start();
  }

  public static TrainerSettings settings(String name, int maxWaiting) {
    return new TrainerSettings(
        name,
        new RoundPolicy(1_000, 64, false, 256, 5_000),
        TrainingPolicy.defaults(),
        3,
        10_000,
        maxWaiting,
        4,
        new RoundSharing(Duration.ofSeconds(20), 4),
        Duration.ofSeconds(10));
  }

  Trainer trainer() {
    return trainer;
  }

  SimpleMeterRegistry meters() {
    return meters;
  }

  /** How many records of a partition the consumer has returned. */
  int consumed(TopicPartition partition) {
    return consumed.getOrDefault(partition, 0);
  }

  /** The polling thread hangs, as in a long pause of the machine. */
  void freeze() {
    frozen = true;
  }

  void thaw() {
    frozen = false;
    LockSupport.unpark(thread);
  }

  private void poll() {
    consumer.subscribe(
        List.of(TOPICS.prompts().name()),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            trainer.revoked(consumer, partitions);
          }

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            trainer.assigned(consumer, partitions);
          }
        });
    try {
      while (!stopped) {
        while (frozen) {
          LockSupport.parkNanos(1_000_000);
        }
        var records = consumer.poll(Duration.ofMillis(50));
        if (rejected) {
          rejected = false;
          trainer.rejoined(consumer);
        }
        for (TopicPartition partition : records.partitions()) {
          consumed.merge(partition, records.records(partition).size(), Integer::sum);
        }
        if (trainer.append(records, consumer.groupMetadata().generationId())) {
          trainer.seek(consumer);
        }
      }
    } catch (WakeupException | InterruptedException e) {
      // stopping
    } finally {
      consumer.close();
    }
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    frozen = false;
    thread.join();
    trainer.close();
  }
}
