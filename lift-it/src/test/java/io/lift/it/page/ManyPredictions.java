package io.lift.it.page;

import io.lift.cli.kafka.ConnectionSettings;
import io.lift.core.answer.Answer;
import io.lift.kafka.KafkaClients;
import io.lift.messages.Json;
import io.lift.messages.LabelMessage;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A long past for a task: predictions and their labels, straight onto their topics. */
final class ManyPredictions {
  private static final Topics TOPICS = Topics.of("");
  private static final String SHA256 = "0".repeat(64);

  private ManyPredictions() {}

  /** Sends so many of them; nine in ten are right. */
  static void send(ConnectionSettings kafka, String task, int count) {
    try (KafkaProducer<byte[], byte[]> producer =
        KafkaClients.producer(
            kafka.client(),
            Map.of("linger.ms", 20, "batch.size", 262_144, "compression.type", "gzip"))) {
      for (int i = 0; i < count; i++) {
        String row = "past-" + i;
        byte[] key = row.getBytes(StandardCharsets.UTF_8);
        Origin origin = new Origin(TOPICS.rows().name(), 0, i, System.currentTimeMillis());
        boolean upper = i % 2 == 0;
        String answer = upper ^ i % 10 == 0 ? "upper" : "lower";
        PredictionMessage prediction =
            new PredictionMessage(
                task,
                row,
                PredictionMessage.Status.ANSWERED,
                Answer.ofLabels(
                    answer, Map.of(answer, 0.9, answer.equals("upper") ? "lower" : "upper", 0.1)),
                new PredictionMessage.Checkpoint(1 + i / 100_000, SHA256, Map.of()),
                "0".repeat(12),
                origin,
                new PredictionMessage.Timings(40 + i % 100, 5, 32),
                null);
        LabelMessage label = new LabelMessage(task, row, upper ? "upper" : "lower", origin);
        producer.send(
            new ProducerRecord<>(TOPICS.predictions().name(), key, Json.write(prediction)));
        producer.send(new ProducerRecord<>(TOPICS.labels().name(), key, Json.write(label)));
      }
      producer.flush();
    }
  }
}
