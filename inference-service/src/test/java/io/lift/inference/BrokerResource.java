package io.lift.inference;

import io.lift.broker.TestKafka;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A real broker for the service under test. */
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {
  private static final Topics TOPICS = Topics.of("");
  private TestKafka broker;

  @Override
  public Map<String, String> start() {
    try {
      broker = TestKafka.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Topic<byte[]> replies = new Topic<>("question-replies", byte[].class, 2, Map.of());
    TopicAdmin.ensure(Map.of("bootstrap.servers", broker.bootstrap()), List.of(replies));
    Map<String, String> config = new HashMap<>();
    config.put("kafka.bootstrap.servers", broker.bootstrap());
    // the requester of RequestReplyTest
    String questions = "mp.messaging.outgoing.questions.";
    config.put(questions + "connector", "smallrye-kafka");
    config.put(questions + "topic", TOPICS.requests().name());
    config.put(questions + "key.serializer", StringSerializer.class.getName());
    config.put(questions + "value.serializer", ByteArraySerializer.class.getName());
    config.put(questions + "reply.topic", replies.name());
    config.put(questions + "reply.timeout", "60000");
    config.put(questions + "reply.isolation.level", "read_committed");
    config.put(questions + "reply.value.deserializer", ByteArrayDeserializer.class.getName());
    return config;
  }

  @Override
  public void stop() {
    if (broker != null) {
      broker.close();
    }
  }
}
