package io.lift.inference.requests;

import io.lift.kafka.KafkaConnection;
import io.lift.kafka.Traces;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Settings of a {@link RequestLoop}.
 *
 * @param kafka where the topics are
 * @param traces where the spans of batches and answers go
 * @param group the consumer group of all replicas
 * @param instance this replica, unique and the same after its restart
 * @param batch requests of one batch at most
 * @param parkedWait how long a parked request without a deadline waits
 */
public record LoopSettings(
    KafkaConnection kafka,
    Traces traces,
    String group,
    String instance,
    int batch,
    Duration parkedWait) {

  /** Unique per replica and the same after its restart. */
  String transactionalId() {
    return group + "-" + instance;
  }

  /** Settings of the loop's producer. */
  Map<String, Object> producer() {
    return Map.of(
        // long enough for all records of a batch to go in one request, which the commit does not
        // wait for
        ProducerConfig.LINGER_MS_CONFIG,
        2,
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        10_000,
        // consumers of committed records wait behind an open transaction
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        15_000);
  }

  /** Settings of the loop's consumer. */
  Map<String, Object> consumer() {
    return Map.of(
        ConsumerConfig.GROUP_ID_CONFIG,
        group,
        // a replica that restarts at once takes its partitions back without a rebalance
        ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
        instance,
        ConsumerConfig.CLIENT_ID_CONFIG,
        "lift-inference-" + instance,
        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
        10_000,
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName(),
        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
        1,
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        batch);
  }
}
