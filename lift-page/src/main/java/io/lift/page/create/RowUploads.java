package io.lift.page.create;

import static io.lift.messages.HeaderValues.bytes;

import io.lift.core.table.CsvTable;
import io.lift.core.table.JsonRows;
import io.lift.core.table.RefusedRows;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.page.live.TaskCard.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the rows of uploaded tables to {@code lift.rows}, one table after the other. */
public final class RowUploads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RowUploads.class);
  private static final int MOST_WAITING = 8;
  private static final int REPORT_EVERY = 200;

  private final KafkaConnection kafka;
  private final BiConsumer<String, Upload> progress;
  private final ThreadPoolExecutor sender =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          task -> {
            Thread thread = new Thread(task, "page-upload");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param progress receives the progress of each task's upload
   */
  public RowUploads(KafkaConnection kafka, BiConsumer<String, Upload> progress) {
    this.kafka = kafka;
    this.progress = progress;
  }

  /**
   * Starts to send and returns at once. The file is deleted afterwards.
   *
   * @param rows number of rows of the table
   * @throws java.util.concurrent.RejectedExecutionException if too many tables wait
   */
  public void send(TaskSpec task, Path file, long rows) {
    sender.execute(() -> sendAll(task, file, rows));
    progress.accept(task.name(), new Upload("sending", 0, rows, null));
  }

  private void sendAll(TaskSpec task, Path file, long rows) {
    AtomicLong sent = new AtomicLong();
    RefusedRows refused = new RefusedRows(task, false);
    try {
      send(task, file, rows, sent, refused);
      String unused =
          refused.count() == 0
              ? null
              : "%,d rows cannot be used: %s".formatted(refused.count(), refused.reasons());
      progress.accept(task.name(), new Upload("done", sent.get(), rows, unused));
    } catch (IOException | RuntimeException e) {
      LOG.atWarn().addKeyValue("task", task.name()).setCause(e).log("upload broken off");
      progress.accept(
          task.name(),
          new Upload(
              "failed", sent.get(), rows, Proposal.sentence(String.valueOf(e.getMessage()))));
    } finally {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.warn("cannot delete {}", file, e);
      }
    }
  }

  private void send(TaskSpec task, Path file, long rows, AtomicLong sent, RefusedRows refused)
      throws IOException {
    JsonRows json = new JsonRows(task);
    String ids = task.name() + "-" + Long.toString(System.currentTimeMillis(), 36) + "-";
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (CsvTable table = CsvTable.open("the table", file, null);
        KafkaProducer<byte[], byte[]> producer =
            KafkaClients.producer(kafka.settings(), Map.of("linger.ms", 5))) {
      long number = 0;
      for (Map<String, String> row : table) {
        byte[] value = json.write(row);
        refused.refuses(++number, value, false);
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(kafka.topics().rows().name(), bytes(ids + number), value);
        HeaderValues.add(record.headers(), Headers.TASK, task.name());
        producer.send(
            record,
            (metadata, error) -> {
              if (error == null) {
                sent.incrementAndGet();
              } else {
                failure.compareAndSet(null, error);
              }
            });
        if (failure.get() != null) {
          break;
        }
        if (number % REPORT_EVERY == 0) {
          progress.accept(task.name(), new Upload("sending", sent.get(), rows, null));
        }
      }
      producer.flush();
    }
    if (failure.get() != null) {
      throw new IOException("Kafka did not accept a row: " + failure.get().getMessage());
    }
  }

  @Override
  public void close() {
    sender.shutdownNow();
  }
}
