import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends one row and prints its prediction: HOST:PORT TASK '{"column": value}'. */
public class AskOne {
  public static void main(String[] arguments) throws Exception {
    String id = UUID.randomUUID().toString();
    Map<String, Object> reading =
        Map.of("bootstrap.servers", arguments[0], "isolation.level", "read_committed");
    Map<String, Object> writing = Map.of("bootstrap.servers", arguments[0], "acks", "all");
    try (var predictions =
            new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer());
        var rows = new KafkaProducer<>(writing, new StringSerializer(), new StringSerializer())) {
      var partitions =
          predictions.partitionsFor("lift.predictions").stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      predictions.assign(partitions);
      predictions.seekToEnd(partitions);
      partitions.forEach(predictions::position); // the ends are known before the row is sent

      var row = new ProducerRecord<>("lift.rows", id, arguments[2]);
      row.headers().add("lift.task", arguments[1].getBytes(StandardCharsets.UTF_8));
      rows.send(row).get();

      Instant giveUp = Instant.now().plusSeconds(15);
      while (Instant.now().isBefore(giveUp)) {
        for (ConsumerRecord<String, String> record : predictions.poll(Duration.ofMillis(200))) {
          if (record.key().equals(id)) {
            JsonNode prediction = new ObjectMapper().readTree(record.value());
            System.out.println(prediction.path("status").asText() + " " + prediction.path("answer"));
            return;
          }
        }
      }
      System.err.println("no answer; see lift.dead-letters for the reason");
      System.exit(1);
    }
  }
}
