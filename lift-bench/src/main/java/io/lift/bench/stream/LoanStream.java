package io.lift.bench.stream;

import io.lift.cli.demo.AgrawalGenerator;
import io.lift.cli.demo.LoanTask;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.rows.RateLimiter;
import io.lift.cli.term.Terminal;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A steady stream of labelled loan rows of several tasks, which can wait until all are processed.
 * Every third row comes apart from its label: first the row, then the label, or the reverse.
 */
public final class LoanStream {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Rows between a row and its label that come apart, at most. */
  private static final int MAX_BETWEEN = 200;

  private final ConnectionSettings kafka;
  private final List<TaskSpec> tasks = new ArrayList<>();
  private final Map<String, Set<String>> ids = new TreeMap<>();
  private final AgrawalGenerator rows;
  private final Random random;

  /** Publishes the tasks {@code loans-1}, {@code loans-2}, …. */
  public LoanStream(ConnectionSettings kafka, int tasks, long seed) throws InterruptedException {
    this.kafka = kafka;
    this.rows = new AgrawalGenerator(seed, 0.05);
    this.random = new Random(seed);
    try (TaskRegistry registry = new TaskRegistry(kafka)) {
      for (int i = 1; i <= tasks; i++) {
        TaskSpec task = LoanTask.infer("loans-" + i, List.of(function(i)));
        registry.create(task);
        this.tasks.add(task);
        ids.put(task.name(), new HashSet<>());
      }
    }
  }

  private static int function(int task) {
    return 1 + task % 3;
  }

  /** Starts to send. */
  public Thread start(int count, double rowsPerSecond) {
    Thread thread = new Thread(() -> send(count, rowsPerSecond), "rows");
    thread.start();
    return thread;
  }

  private void send(int count, double rowsPerSecond) {
    Map<String, RowSender> senders = new HashMap<>();
    tasks.forEach(task -> senders.put(task.name(), new RowSender(kafka, task.name())));
    RateLimiter limiter = new RateLimiter(rowsPerSecond);
    PriorityQueue<Part> later = new PriorityQueue<>(Comparator.comparingInt(Part::at));
    for (int n = 0; n < count; n++) {
      limiter.await();
      sendUntil(n, later, senders);
      int which = n % tasks.size();
      TaskSpec task = tasks.get(which);
      String id = task.name() + "-" + n;
      Map<String, String> row = LoanTask.columns(rows.next(function(which + 1)));
      ids.get(task.name()).add(id);
      if (n % 3 > 0) {
        send(new Part(n, task, id, row), senders);
        continue;
      }
      Map<String, String> features = new HashMap<>(row);
      Map<String, String> label = Map.of(LoanTask.TARGET, features.remove(LoanTask.TARGET));
      boolean labelFirst = random.nextInt(4) == 0;
      send(new Part(n, task, id, labelFirst ? label : features), senders);
      int at = n + 1 + random.nextInt(MAX_BETWEEN);
      later.add(new Part(at, task, id, labelFirst ? features : label));
    }
    sendUntil(Integer.MAX_VALUE, later, senders);
    senders.values().forEach(RowSender::close);
  }

  /**
   * A row, or a part of it.
   *
   * @param at the number of the row before which it is sent
   */
  private record Part(int at, TaskSpec task, String id, Map<String, String> columns) {}

  private static void sendUntil(int at, PriorityQueue<Part> parts, Map<String, RowSender> senders) {
    while (!parts.isEmpty() && parts.peek().at() <= at) {
      send(parts.poll(), senders);
    }
  }

  private static void send(Part part, Map<String, RowSender> senders) {
    byte[] json = new JsonRows(part.task()).write(part.columns());
    senders.get(part.task().name()).send(part.id(), json, RowSender.Use.BOTH, null);
  }

  /** The ids of the rows sent, by task. */
  public Map<String, Set<String>> ids() {
    return ids;
  }

  /**
   * Waits until every row has a prediction and is in a checkpoint; false if that takes too long.
   */
  public boolean awaitCompletion(Terminal terminal) throws InterruptedException {
    long sent = ids.values().stream().mapToLong(Set::size).sum();
    Instant deadline = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(deadline)) {
      long predicted = CommittedReader.readAll(kafka.client(), kafka.topics().predictions()).size();
      Map<String, Long> trained = new HashMap<>();
      CommittedReader.readAll(kafka.client(), kafka.topics().checkpointsLog())
          .forEach(
              record -> {
                CheckpointManifest manifest = Json.read(record.value(), CheckpointManifest.class);
                trained.merge(manifest.task(), manifest.rows(), Math::max);
              });
      long learned = trained.values().stream().mapToLong(Long::longValue).sum();
      if (predicted >= sent && learned >= sent) {
        return true;
      }
      terminal.out().printf("waiting: %d of %d predicted, %d learned%n", predicted, sent, learned);
      Thread.sleep(1_000);
    }
    return false;
  }
}
