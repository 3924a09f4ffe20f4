package io.lift.inference.generation;

import io.lift.inference.config.Replica;
import io.lift.kafka.GroupProtocol;
import io.lift.messages.Topics;
import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.Config;

/**
 * Settings of the two channels' Kafka clients that depend on the replica and on the group's
 * protocol. The other settings are in {@code application.properties}.
 */
@ApplicationScoped
public class GenerationClients implements ClientCustomizer<Map<String, Object>> {
  /** The channel of requests for rows. */
  static final String REQUESTS = "generate";

  /** The channel of generated rows and dead letters. */
  static final String ROWS = "generated";

  private final Replica replica;

  GenerationClients(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Map<String, Object> customize(
      String channel, Config channelConfig, Map<String, Object> client) {
    if (channel.equals(REQUESTS)) {
      client.put(ConsumerConfig.GROUP_ID_CONFIG, replica.generationGroup());
      // a replica that restarts at once takes its partitions back without a rebalance
      client.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, replica.instance());
      GroupProtocol.fit(client);
    } else if (channel.equals(ROWS)) {
      client.put(
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          replica.generationGroup() + "-" + replica.instance());
      client.put(
          ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
          Integer.toString(Topics.MAX_RECORD_BYTES + Topics.LETTER_OVERHEAD_BYTES));
      // the channel's own retries are off: a failed record fails its transaction
      client.put(ProducerConfig.RETRIES_CONFIG, Integer.toString(Integer.MAX_VALUE));
    }
    return client;
  }
}
