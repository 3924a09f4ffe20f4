import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints the predictions of a task as they come: HOST:PORT TASK. */
public class Predictions {
  public static void main(String[] arguments) throws Exception {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", arguments[0],
            "group.id", "my-java-predictions",
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest");
    ObjectMapper json = new ObjectMapper();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("lift.predictions"));
      while (true) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          JsonNode prediction = json.readTree(record.value());
          if (prediction.path("task").asText().equals(arguments[1])) {
            System.out.println(record.key() + " " + prediction.path("status").asText() + " " + prediction.path("answer"));
          }
        }
      }
    }
  }
}
