package io.lift.bench.load;

import io.lift.cli.rows.RateLimiter;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Latency from send to committed answer of records that are sent at a steady rate. */
final class PacedLatency {
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(20);

  /**
   * @param p50 median, in milliseconds
   * @param p99 99th percentile, in milliseconds
   * @param missing records without an answer
   */
  record Result(double p50, double p99, int missing) {}

  private PacedLatency() {}

  /**
   * @param answers a committed reader at the end of the output topic, keyed as the input
   * @param warmUp the first so many records do not count
   */
  static Result measure(
      Map<String, Object> kafka,
      List<ProducerRecord<String, byte[]>> records,
      KafkaConsumer<String, byte[]> answers,
      double perSecond,
      int warmUp)
      throws InterruptedException {
    Map<String, Long> sentAt = new ConcurrentHashMap<>();
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("linger.ms", 0);
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      Thread sending =
          new Thread(
              () -> {
                RateLimiter limiter = new RateLimiter(perSecond);
                for (ProducerRecord<String, byte[]> record : records) {
                  limiter.await();
                  sentAt.put(record.key(), System.nanoTime());
                  producer.send(record);
                }
              },
              "paced");
      sending.start();
      double[] millis = new double[records.size()];
      int seen = 0;
      long last = System.nanoTime();
      while (seen < records.size() && System.nanoTime() - last < LAST_ANSWERS.toNanos()) {
        for (ConsumerRecord<String, byte[]> answer : answers.poll(Duration.ofMillis(50))) {
          Long sent = sentAt.remove(answer.key());
          if (sent != null) {
            last = System.nanoTime();
            millis[seen++] = (last - sent) / 1e6;
          }
        }
      }
      sending.join();
      double[] counted = Arrays.copyOfRange(millis, Math.min(warmUp, seen), seen);
      Arrays.sort(counted);
      return new Result(quantile(counted, 0.5), quantile(counted, 0.99), records.size() - seen);
    }
  }

  private static double quantile(double[] sorted, double q) {
    return sorted.length == 0 ? Double.NaN : sorted[(int) (q * (sorted.length - 1))];
  }
}
