package io.lift.bench.audit;

import io.lift.bench.audit.Pauses.Pause;
import io.lift.bench.measure.ResidentMemory;
import io.lift.bench.stream.CommittedReader;
import io.lift.cli.base.CliException;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackProcess;
import io.lift.cli.term.Terminal;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Watches a stack while a steady stream of rows goes through it: the longest time without a new
 * committed record on each topic that the rows keep moving, and the memory of each process.
 */
final class StackWatch implements AutoCloseable {
  private static final long LIMIT_MILLIS = 30_000;
  private static final long SAMPLE_MILLIS = 5_000;

  /** How much more a process may hold in the last third of the time than in the second. */
  private static final double GROWTH = 1.25;

  private final Stack stack;
  private final Thread watching = new Thread(this::watch, "stack-watch");
  private final Pauses pauses = new Pauses();
  private final Map<String, List<Sample>> memory = new TreeMap<>();
  private volatile boolean ending;
  private long begin;
  private long end;

  /** What a process held at a time, epoch milliseconds. */
  private record Sample(long at, long bytes) {}

  StackWatch(Stack stack) {
    this.stack = stack;
  }

  void start() {
    begin = System.currentTimeMillis();
    watching.start();
  }

  /** Ends the watch: what comes later does not count. */
  void stop() throws InterruptedException {
    close();
    watching.join();
  }

  private void watch() {
    KafkaConnection kafka = stack.kafka().connection();
    try (KafkaConsumer<String, byte[]> consumer = CommittedReader.open(kafka.settings())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (Topic<?> topic : moving(kafka.topics())) {
        pauses.moved(topic.name(), begin);
        consumer
            .partitionsFor(topic.name())
            .forEach(info -> partitions.add(new TopicPartition(topic.name(), info.partition())));
      }
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      long sampled = 0;
      while (!ending) {
        consumer
            .poll(Duration.ofMillis(500))
            .partitions()
            .forEach(partition -> pauses.moved(partition.topic(), System.currentTimeMillis()));
        if (System.currentTimeMillis() > sampled + SAMPLE_MILLIS) {
          sampled = System.currentTimeMillis();
          stack.runFile().processes().forEach(this::sample);
        }
      }
      end = System.currentTimeMillis();
      pauses.longest().keySet().forEach(topic -> pauses.moved(topic, end));
    }
  }

  private static List<Topic<?>> moving(Topics topics) {
    return List.of(topics.requests(), topics.prompts(), topics.predictions(), topics.metrics());
  }

  /** A process is about to be killed. */
  void killed(String process) {
    pauses.killed(process, System.currentTimeMillis());
  }

  private void sample(StackProcess process) {
    try {
      Sample sample = new Sample(System.currentTimeMillis(), ResidentMemory.of(process.pid()));
      memory.computeIfAbsent(process.name(), any -> new ArrayList<>()).add(sample);
    } catch (CliException | NoSuchElementException e) {
      return; // it was killed a moment ago
    }
  }

  /** Prints what was found; false if anything stood still or grew. */
  boolean report(Terminal terminal) {
    boolean good = true;
    for (Map.Entry<String, Optional<Pause>> topic : pauses.longest().entrySet()) {
      long longest = topic.getValue().map(Pause::length).orElse(0L);
      boolean moved = longest <= LIMIT_MILLIS;
      good &= moved;
      terminal
          .out()
          .printf(
              "  %slongest time without a record on %s: %.1f s, from %.1f s on%n",
              moved ? "" : "FAULT ",
              topic.getKey(),
              longest / 1e3,
              topic.getValue().map(pause -> pause.begin() - begin).orElse(0L) / 1e3);
    }
    pauses
        .longestByKill()
        .forEach(
            (process, longest) ->
                terminal
                    .out()
                    .printf(
                        "  after a kill of the %s at most: %s%n",
                        process,
                        longest.values().stream()
                            .map(
                                pause -> "%s %.1f s".formatted(pause.topic(), pause.length() / 1e3))
                            .collect(Collectors.joining(", "))));
    for (Map.Entry<String, List<Sample>> process : memory.entrySet()) {
      long second = most(process.getValue(), 1);
      long last = most(process.getValue(), 2);
      boolean flat = last <= GROWTH * second;
      good &= flat;
      terminal
          .out()
          .printf(
              "  %smemory of the %s: at most %,d MiB in the second third, %,d MiB in the last%n",
              flat ? "" : "FAULT ", process.getKey(), second >> 20, last >> 20);
    }
    return good;
  }

  /** The most that a process held in a third of the time. */
  private long most(List<Sample> process, int third) {
    long length = (end - begin) / 3;
    return process.stream()
        .filter(sample -> sample.at() >= begin + third * length)
        .filter(sample -> sample.at() < begin + (third + 1) * length)
        .mapToLong(Sample::bytes)
        .max()
        .orElse(0);
  }

  @Override
  public void close() {
    ending = true;
  }
}
