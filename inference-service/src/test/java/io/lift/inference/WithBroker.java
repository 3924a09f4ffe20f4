package io.lift.inference;

import static io.lift.inference.WithBroker.QUESTIONS;

import io.lift.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A real broker for the service under test, with the channel on which RequestReplyIT asks. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@QuarkusTestResource(
    value = BrokerResource.class,
    initArgs = {
      @ResourceArg(name = BrokerResource.TOPICS, value = "question-replies:2"),
      @ResourceArg(name = "lift.inference.support.max-wait", value = "60s"),
      @ResourceArg(name = "lift.inference.support.warm-up", value = "0s"),
      @ResourceArg(name = QUESTIONS + "connector", value = "smallrye-kafka"),
      @ResourceArg(name = QUESTIONS + "topic", value = "lift.requests"),
      @ResourceArg(
          name = QUESTIONS + "key.serializer",
          value = "org.apache.kafka.common.serialization.StringSerializer"),
      @ResourceArg(
          name = QUESTIONS + "value.serializer",
          value = "org.apache.kafka.common.serialization.ByteArraySerializer"),
      @ResourceArg(name = QUESTIONS + "reply.topic", value = "question-replies"),
      @ResourceArg(name = QUESTIONS + "reply.timeout", value = "60000"),
      @ResourceArg(name = QUESTIONS + "reply.isolation.level", value = "read_committed"),
      @ResourceArg(
          name = QUESTIONS + "reply.value.deserializer",
          value = "org.apache.kafka.common.serialization.ByteArrayDeserializer")
    })
public @interface WithBroker {
  /** Settings of the requester. */
  String QUESTIONS = "mp.messaging.outgoing.questions.";
}
