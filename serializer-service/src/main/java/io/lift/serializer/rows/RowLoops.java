package io.lift.serializer.rows;

import io.lift.core.task.Source;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.Progress;
import io.lift.kafka.Traces;
import io.lift.kafka.TransactionalLoop;
import io.lift.messages.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loops that read rows: one for {@code lift.rows}, and one for each source of each task. A loop
 * has a consumer group of its own, so a task reads a topic from the start that it states, also if
 * another task has read the topic before. Loops begin and end as tasks come, change and go.
 */
public final class RowLoops implements Progress, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RowLoops.class);
  private static final Duration CLOSE = Duration.ofSeconds(30);
  private static final int FORGET_ATTEMPTS = 25;
  private static final long FORGET_MILLIS = 200;
  private static final ListConsumerGroupOffsetsOptions STABLE =
      new ListConsumerGroupOffsetsOptions().requireStable(true);

  /**
   * Settings of the loops.
   *
   * @param instance name of this replica
   * @param maxRowBytes largest key and value of a row together
   * @param batch most records in one transaction
   */
  public record Settings(String instance, int maxRowBytes, int batch) {}

  /**
   * One task's reading of one of its sources, whatever format the source has: a task may change
   * that while its source is read.
   *
   * @param task name of the task
   */
  record Reading(String task, Source source) {}

  private final Settings settings;
  private final KafkaConnection kafka;
  private final Traces traces;
  private final TaskTable tasks;
  private final MeterRegistry registry;
  private final TransactionalLoop rows;
  private final Map<Reading, TransactionalLoop> sources = new ConcurrentHashMap<>();

  /** Begins and ends loops: an end may take seconds. */
  private final ExecutorService changes =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "row-loops"));

  private volatile boolean closing;
  private volatile Consumer<TopicPartition> newPartition = partition -> {};

  /**
   * @param kafka where the topics are
   * @param traces where the spans of rows go
   * @param tasks the tasks whose rows are read
   */
  public RowLoops(
      Settings settings,
      KafkaConnection kafka,
      Traces traces,
      TaskTable tasks,
      MeterRegistry registry) {
    this.settings = settings;
    this.kafka = kafka;
    this.traces = traces;
    this.tasks = tasks;
    this.registry = registry;
    Topics topics = kafka.topics();
    rows = loop(topics.groups().serializer(), topics.rows().name(), null, null);
  }

  private TransactionalLoop loop(String group, String topic, Long from, String reader) {
    RowBatchHandler handler =
        new RowBatchHandler(
            tasks, new RowSerializer(kafka.topics(), traces, settings.maxRowBytes()), reader);
    return new TransactionalLoop(
        new TransactionalLoop.Settings(
            topic,
            group,
            settings.instance(),
            kafka.settings(),
            Map.of("max.poll.records", settings.batch()),
            Map.of("batch.size", 128 * 1024, "linger.ms", 5, "max.block.ms", 30_000),
            from),
        handler,
        new RowMeters(kafka.topics(), registry, handler::last));
  }

  /** Begins to read. */
  public void start() {
    rows.start();
    tasks.start(this::changed);
  }

  private void changed(TaskDirectory directory) {
    if (!closing) {
      changes.execute(
          () -> adapt(directory.readings(), task -> directory.whyUnusable(task) == null));
    }
  }

  /**
   * @param usable whether a task is not one that waits to be mended
   */
  private void adapt(List<Reading> wanted, Predicate<String> usable) {
    Set<Reading> ended = new HashSet<>(sources.keySet());
    wanted.forEach(ended::remove);
    ended.forEach(reading -> sources.get(reading).stop());
    for (Reading reading : ended) {
      sources.remove(reading).close();
      if (!closing && usable.test(reading.task())) {
        forget(group(reading)); // a task that is mended goes on
      }
      log("source is read no longer", reading);
    }
    for (Reading reading : wanted) {
      if (!sources.containsKey(reading)) {
        begin(reading);
      }
    }
  }

  private void begin(Reading reading) {
    Source source = reading.source();
    TransactionalLoop loop = loop(group(reading), source.topic(), source.from(), reading.task());
    loop.progress().onPartition(partition -> newPartition.accept(partition));
    sources.put(reading, loop);
    loop.start();
    log("source is read", reading);
  }

  private String group(Reading reading) {
    return kafka.topics().groups().source(reading.task(), reading.source());
  }

  /**
   * Deletes a group whose reading has ended, so that a task of the same name begins anew. The last
   * replica that leaves the group succeeds. The broker refuses for a moment after that.
   */
  private void forget(String group) {
    try (Admin admin = Admin.create(kafka.settings())) {
      for (int attempt = 1; attempt <= FORGET_ATTEMPTS; attempt++) {
        try {
          // an offset whose transaction is not yet complete would come back after the deletion
          admin.listConsumerGroupOffsets(group, STABLE).all().get();
          admin.deleteConsumerGroups(List.of(group)).all().get();
          return;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof GroupIdNotFoundException) {
            return; // another replica was quicker, or nothing was read
          }
          LOG.atDebug().addKeyValue("group", group).setCause(e.getCause()).log("group not deleted");
          Thread.sleep(FORGET_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void log(String what, Reading reading) {
    LOG.atInfo()
        .addKeyValue("task", reading.task())
        .addKeyValue("source", reading.source())
        .log(what);
  }

  /** Whether the loop of {@code lift.rows} has its transactional producer and polls. */
  public boolean started() {
    return rows.started();
  }

  /** The longest time since a loop has completed a poll. */
  public Duration sinceLastPoll() {
    return all().stream()
        .map(TransactionalLoop::sinceLastPoll)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  @Override
  public Optional<Stuck> stuck() {
    return all().stream()
        .flatMap(loop -> loop.progress().stuck().stream())
        .max(Comparator.comparing(Stuck::waited));
  }

  @Override
  public void onPartition(Consumer<TopicPartition> newPartition) {
    this.newPartition = newPartition;
    rows.progress().onPartition(newPartition);
    sources.values().forEach(loop -> loop.progress().onPartition(newPartition));
  }

  private List<TransactionalLoop> all() {
    List<TransactionalLoop> all = new ArrayList<>(sources.values());
    all.add(rows);
    return all;
  }

  /** Ends all loops, each after its batch. */
  @Override
  public void close() {
    closing = true;
    changes.execute(() -> adapt(List.of(), task -> true));
    changes.shutdown();
    rows.close();
    try {
      changes.awaitTermination(CLOSE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
