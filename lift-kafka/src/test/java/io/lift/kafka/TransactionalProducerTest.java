package io.lift.kafka;

import static io.lift.messages.HeaderValues.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class TransactionalProducerTest {
  private static final ProducerRecord<byte[], byte[]> RECORD =
      new ProducerRecord<>("out", bytes("key"), bytes("value"));
  private static final Map<TopicPartition, OffsetAndMetadata> OFFSETS =
      Map.of(new TopicPartition("in", 3), new OffsetAndMetadata(17));
  private static final ConsumerGroupMetadata GROUP = new ConsumerGroupMetadata("group");

  private final List<MockProducer<byte[], byte[]>> clients = new ArrayList<>();
  private RuntimeException connecting;
  private int unansweredCommits;

  private final TransactionalProducer producer = producer(1);

  private TransactionalProducer producer(int commitAttempts) {
    return new TransactionalProducer(
        () -> {
          MockProducer<byte[], byte[]> client =
              new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                @Override
                public void commitTransaction() {
                  if (unansweredCommits > 0) {
                    unansweredCommits--;
                    throw new TimeoutException("no answer");
                  }
                  super.commitTransaction();
                }
              };
          client.initTransactionException = connecting;
          clients.add(client);
          return client;
        },
        commitAttempts);
  }

  @Test
  void recordsAndOffsetsAreCommittedTogether() {
    producer.send(RECORD);
    producer.send(RECORD, (metadata, error) -> assertThat(error).isNull());
    assertThat(client().history()).isEmpty();

    producer.commit(OFFSETS, GROUP);

    assertThat(client().history()).containsExactly(RECORD, RECORD);
    assertThat(client().consumerGroupOffsetsHistory()).containsExactly(Map.of("group", OFFSETS));
    assertThat(clients).hasSize(1);
  }

  @Test
  void offsetsAreCommittedWithoutRecordsToo() {
    producer.commit(OFFSETS, GROUP);

    assertThat(client().consumerGroupOffsetsHistory()).containsExactly(Map.of("group", OFFSETS));
  }

  @Test
  void withoutRecordsNothingIsCommittedOrAborted() {
    producer.commit();
    assertThat(producer.abort()).isTrue();

    assertThat(clients).isEmpty();
  }

  @Test
  void anAbortedTransactionLeavesNothingAndTheClientGoesOn() {
    producer.send(RECORD);
    assertThat(producer.abort()).isTrue();
    producer.commit(OFFSETS, GROUP);

    assertThat(clients).hasSize(1);
    assertThat(client().history()).isEmpty();
    assertThat(client().consumerGroupOffsetsHistory()).hasSize(1);
  }

  @Test
  void aClientWhoseTransactionCannotBeAbortedIsReplaced() {
    producer.send(RECORD);
    client().fenceProducer();
    assertThatThrownBy(() -> producer.commit(OFFSETS, GROUP))
        .isInstanceOf(ProducerFencedException.class);

    assertThat(producer.abort()).isFalse();
    assertThat(client().closed()).isTrue();
    producer.send(RECORD);
    producer.commit(OFFSETS, GROUP);

    assertThat(clients).hasSize(2);
    assertThat(client().history()).containsExactly(RECORD);
  }

  @Test
  void aClientThatCannotBeginATransactionIsReplaced() {
    producer.open();
    client().fenceProducer();
    assertThatThrownBy(() -> producer.send(RECORD)).isInstanceOf(ProducerFencedException.class);

    assertThat(producer.abort()).isFalse();
    producer.send(RECORD);
    producer.commit();

    assertThat(clients).hasSize(2);
    assertThat(client().history()).containsExactly(RECORD);
  }

  @Test
  void aClientThatCannotConnectIsClosedAndTheNextUseConnectsAgain() {
    connecting = new AuthorizationException("not granted");
    assertThatThrownBy(producer::open).isSameAs(connecting);
    assertThat(client().closed()).isTrue();
    connecting = null;
    producer.open();
    producer.open();

    assertThat(clients).hasSize(2);
    assertThat(client().transactionInitialized()).isTrue();
  }

  @Test
  void aCommitWithoutAnAnswerIsRepeatedAsOftenAsAllowed() {
    TransactionalProducer patient = producer(3);
    patient.send(RECORD);
    unansweredCommits = 2;
    patient.commit(OFFSETS, GROUP);
    assertThat(client().history()).containsExactly(RECORD);

    patient.send(RECORD);
    unansweredCommits = 3;
    assertThatThrownBy(() -> patient.commit(OFFSETS, GROUP)).isInstanceOf(TimeoutException.class);
  }

  @Test
  void aResetDropsTheClientAndItsTransaction() {
    producer.send(RECORD);
    MockProducer<byte[], byte[]> dropped = client();
    producer.reset();
    assertThat(dropped.closed()).isTrue();
    assertThat(dropped.history()).isEmpty();
    producer.commit();

    assertThat(clients).hasSize(1);
  }

  /** The newest client. */
  private MockProducer<byte[], byte[]> client() {
    return clients.get(clients.size() - 1);
  }
}
