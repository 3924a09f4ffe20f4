package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.messages.HeaderValues;
import io.lift.messages.Topic;
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** In both protocols of consumer groups. */
@ParameterizedClass
@ValueSource(strings = {"classic", GroupProtocol.CONSUMER})
class TransactionalLoopIT {
  private static final TopicClient CLIENT = new TopicClient(TestKafka.shared());
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Parameter private String protocol;
  private String name;
  private Topic<byte[]> in;
  private Topic<byte[]> out;

  @BeforeEach
  void topics(TestInfo test) {
    name = test.getTestMethod().orElseThrow().getName() + "-" + protocol;
    in = CLIENT.create(name + ".in", byte[].class, 4);
    out = CLIENT.create(name + ".out", byte[].class, 2);
  }

  @Test
  void eachRecordIsCopiedOnceThoughBatchesFailAfterSending() throws Exception {
    produce(0, 500);
    AtomicInteger failures = new AtomicInteger();
    TransactionalLoop.Handler handler =
        handler(
            (batch, output) -> {
              copy.handle(batch, output);
              if (failures.getAndIncrement() < 4) {
                throw new IllegalStateException("after sending");
              }
            });
    AtomicInteger aborted = new AtomicInteger();
    AtomicInteger records = new AtomicInteger();
    var listener =
        new TransactionalLoop.Listener() {
          @Override
          public void aborted(Exception cause) {
            aborted.incrementAndGet();
          }

          @Override
          public void committed(int count, int outputs, Duration took) {
            assertThat(outputs).isEqualTo(count);
            records.addAndGet(count);
          }
        };
    try (var loop = new TransactionalLoop(settings("a"), handler, listener)) {
      loop.start();
      produce(500, 600);
      assertCopiedOnce(600);
      assertThat(loop.sinceLastPoll()).isLessThan(LIMIT);
    }
    assertThat(aborted).hasValue(4);
    assertThat(records).hasValue(600);
  }

  @Test
  void aZombieThatWakesUpAfterItWasReplacedCommitsNothing() throws Exception {
    produce(0, 100);
    CountDownLatch asleep = new CountDownLatch(1);
    CountDownLatch awake = new CountDownLatch(1);
    AtomicBoolean first = new AtomicBoolean(true);
    TransactionalLoop.Handler sleeper =
        handler(
            (batch, output) -> {
              copy.handle(batch, output);
              if (first.getAndSet(false)) {
                asleep.countDown();
                awake.await();
              }
            });
    var zombie = new TransactionalLoop(settings("same"), sleeper, NONE);
    zombie.start();
    assertThat(asleep.await(60, TimeUnit.SECONDS)).isTrue();
    try (var replacement = new TransactionalLoop(settings("same"), copy, NONE)) {
      replacement.start();
      assertCopiedOnce(100);
      awake.countDown();
      zombie.close();
      assertCopiedOnce(100);
    }
  }

  @Test
  void partitionsMoveBetweenInstancesWithoutLossOrRepetition() throws Exception {
    try (var first = new TransactionalLoop(settings("first"), copy, NONE)) {
      first.start();
      produce(0, 300);
      try (var second = new TransactionalLoop(settings("second"), copy, NONE)) {
        second.start();
        produce(300, 600);
        await().atMost(LIMIT).until(second::started);
        produce(600, 900);
      }
      produce(900, 1000);
      assertCopiedOnce(1000);
    }
  }

  @Test
  void aTopicThatIsCreatedLaterIsReadFromItsBeginning() throws Exception {
    CLIENT.delete(in.name());
    try (var loop = new TransactionalLoop(settings("a"), copy, NONE)) {
      loop.start();
      await().atMost(LIMIT).until(loop::started);
      CLIENT.create(in.name(), byte[].class, 3);
      produce(0, 10);
      assertCopiedOnce(10);
    }
  }

  @Test
  void aTopicThatIsDeletedAndCreatedAgainIsReadFromItsFirstRecord() throws Exception {
    produce(0, 400);
    try (var loop = new TransactionalLoop(settings("a"), copy, NONE)) {
      loop.start();
      assertCopiedOnce(400);
      CLIENT.delete(in.name()); // while it is read
      CLIENT.create(in.name(), byte[].class, 3);
      produce(400, 1300);
      assertCopiedOnce(1300);
    }
    CLIENT.delete(in.name()); // while it is not
    CLIENT.create(in.name(), byte[].class, 3);
    produce(1300, 2800);
    try (var loop = new TransactionalLoop(settings("a"), copy, NONE)) {
      loop.start();
      assertCopiedOnce(2800);
    }
  }

  @Test
  void aGroupBeginsAtItsStartAndThenGoesOnWhereItWas() throws Exception {
    produce(0, 100);
    Thread.sleep(5);
    long start = System.currentTimeMillis();
    Thread.sleep(5);
    produce(100, 200);
    try (var loop = new TransactionalLoop(settings("a", start), copy, NONE)) {
      loop.start();
      assertCopied(100, 200);
    }
    produce(200, 300);
    try (var loop = new TransactionalLoop(settings("a", start), copy, NONE)) {
      loop.start();
      assertCopied(100, 300);
    }
  }

  @Test
  void aBatchWithoutOutputsIsCommittedToo() throws Exception {
    produce(0, 50);
    AtomicInteger seen = new AtomicInteger();
    try (var loop =
        new TransactionalLoop(
            settings("a"), handler((batch, output) -> seen.addAndGet(batch.count())), NONE)) {
      loop.start();
      await().atMost(LIMIT).untilAsserted(() -> assertThat(committed()).isEqualTo(50));
    }
    try (var loop = new TransactionalLoop(settings("a"), copy, NONE)) {
      loop.start();
      produce(0, 5);
      assertCopiedOnce(5);
    }
    assertThat(seen).hasValue(50);
  }

  @Test
  void recordsWhoseOutputsTheBrokerDoesNotTakeAreSetAsideAndAllOthersAreCopied() throws Exception {
    Topic<byte[]> small = CLIENT.create(name + ".small", byte[].class, 1);
    CLIENT.configure(small, "max.message.bytes", "10000");
    produce(0, 200);
    Set<Integer> large = Set.of(0, 7, 8, 120, 199);
    List<String> causes = new CopyOnWriteArrayList<>();
    TransactionalLoop.Handler enlarging =
        handler(
            (batch, output) -> {
              for (ConsumerRecord<byte[], byte[]> record : batch) {
                String value = text(record.value());
                int size = large.contains(Integer.parseInt(value)) ? 20_000 : 10;
                output.send(TopicClient.record(small, value, "x".repeat(size)));
              }
            },
            (record, cause, output) -> {
              causes.add(cause.getMessage());
              output.send(TopicClient.record(out, text(record.key()), text(record.value())));
            });
    try (var loop = new TransactionalLoop(settings("a"), enlarging, NONE)) {
      loop.start();
      var kept = CLIENT.read(small, found -> found.size() >= 200 - large.size());
      assertThat(kept)
          .extracting(record -> text(record.key()))
          .doesNotHaveDuplicates()
          .hasSize(195);
      var aside = CLIENT.read(out, found -> found.size() >= large.size());
      assertThat(aside)
          .extracting(record -> Integer.parseInt(text(record.key())))
          .containsExactlyInAnyOrderElementsOf(large);
      await().atMost(LIMIT).untilAsserted(() -> assertThat(committed()).isEqualTo(200));
      assertThat(loop.progress().stuck()).isEmpty();
    }
    assertThat(causes).hasSize(5).allMatch(cause -> cause.contains("larger than"));
  }

  private static final TransactionalLoop.Listener NONE = new TransactionalLoop.Listener() {};

  private final TransactionalLoop.Handler copy =
      handler(
          (batch, output) -> {
            for (ConsumerRecord<byte[], byte[]> record : batch) {
              output.send(TopicClient.record(out, text(record.key()), text(record.value())));
            }
          });

  private interface Batches {
    void handle(ConsumerRecords<byte[], byte[]> batch, TransactionalLoop.Output output)
        throws Exception;
  }

  private interface Aside {
    void take(
        ConsumerRecord<byte[], byte[]> record, Exception cause, TransactionalLoop.Output output)
        throws Exception;
  }

  /** A handler that sets nothing aside. */
  private static TransactionalLoop.Handler handler(Batches batches) {
    return handler(
        batches,
        (record, cause, output) -> {
          throw cause;
        });
  }

  private static TransactionalLoop.Handler handler(Batches batches, Aside aside) {
    return new TransactionalLoop.Handler() {
      @Override
      public void handle(ConsumerRecords<byte[], byte[]> batch, TransactionalLoop.Output output)
          throws Exception {
        batches.handle(batch, output);
      }

      @Override
      public void setAside(
          ConsumerRecord<byte[], byte[]> record, Exception cause, TransactionalLoop.Output output)
          throws Exception {
        aside.take(record, cause, output);
      }
    };
  }

  private TransactionalLoop.Settings settings(String instance) {
    return settings(instance, null);
  }

  private TransactionalLoop.Settings settings(String instance, Long from) {
    return new TransactionalLoop.Settings(
        in.name(),
        name,
        instance,
        kafka(),
        Map.of("max.poll.records", 100, "metadata.max.age.ms", 500),
        Map.of(),
        from);
  }

  private Map<String, Object> kafka() {
    Map<String, Object> kafka = new HashMap<>(CLIENT.settings());
    kafka.put(GroupProtocol.SETTING, protocol);
    // after this time the broker replaces a member that does not poll
    kafka.put("max.poll.interval.ms", 5_000);
    return kafka;
  }

  private void produce(int from, int to) {
    try (var producer = KafkaClients.producer(CLIENT.settings(), Map.of())) {
      for (int i = from; i < to; i++) {
        producer.send(TopicClient.record(in, "" + i, "" + i));
      }
    }
  }

  private void assertCopiedOnce(int count) {
    assertCopied(0, count);
  }

  private void assertCopied(int from, int to) {
    var records = CLIENT.read(out, found -> found.size() >= to - from);
    List<Integer> values = new ArrayList<>();
    records.forEach(record -> values.add(Integer.parseInt(text(record.value()))));
    assertThat(values)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(from, to).boxed().toList());
  }

  /** The sum of the group's offsets: how many records it has consumed. */
  private long committed() throws Exception {
    try (Admin admin = Admin.create(CLIENT.settings())) {
      return admin
          .listConsumerGroupOffsets(name)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(offset -> offset.offset())
          .sum();
    }
  }

  private static String text(byte[] bytes) {
    return HeaderValues.text(bytes);
  }
}
