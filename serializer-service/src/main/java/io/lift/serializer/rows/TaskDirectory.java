package io.lift.serializer.rows;

import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.serializer.rows.RowLoops.Reading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All tasks at one time, by name and by source topic. Immutable. */
final class TaskDirectory {
  /** No sources: a task that read one of these would read its own outputs. */
  private final Set<String> ownTopics;

  private final SchemaRegistry registry;
  private final Map<String, SerializerTask> tasks;
  private final Map<String, String> unusable;
  private final List<Reading> readings = new ArrayList<>();
  private final Map<String, List<String>> readers = new HashMap<>(); // by topic, in order

  private TaskDirectory(
      Set<String> ownTopics,
      SchemaRegistry registry,
      Map<String, SerializerTask> tasks,
      Map<String, String> unusable) {
    this.ownTopics = ownTopics;
    this.registry = registry;
    this.tasks = tasks;
    this.unusable = unusable;
    for (SerializerTask task : new TreeMap<>(tasks).values()) {
      for (Source source : task.spec().sources()) {
        if (!ownTopics.contains(source.topic())) {
          readings.add(new Reading(task.name(), source.readingOnly()));
          readers.computeIfAbsent(source.topic(), topic -> new ArrayList<>()).add(task.name());
        }
      }
    }
  }

  /** No tasks at all, in the installation with these topics. */
  static TaskDirectory empty(Topics topics, SchemaRegistry registry) {
    return new TaskDirectory(
        topics.all().stream().map(Topic::name).collect(Collectors.toUnmodifiableSet()),
        registry,
        Map.of(),
        Map.of());
  }

  /**
   * This directory with one task added or replaced.
   *
   * @param spec null to remove the task
   */
  TaskDirectory with(String name, TaskSpec spec) {
    Map<String, SerializerTask> tasks = new HashMap<>(this.tasks);
    Map<String, String> unusable = new HashMap<>(this.unusable);
    tasks.remove(name);
    unusable.remove(name);
    if (spec != null) {
      try {
        if (!name.equals(spec.name())) {
          throw new IllegalArgumentException("It is published under another name.");
        }
        tasks.put(name, SerializerTask.of(spec, registry));
      } catch (RuntimeException e) {
        unusable.put(name, String.valueOf(e.getMessage()));
      }
    }
    return new TaskDirectory(ownTopics, registry, tasks, unusable);
  }

  /** The task of that name, or null. */
  SerializerTask named(String name) {
    return tasks.get(name);
  }

  /** Why a published task cannot be used, or null. */
  String whyUnusable(String name) {
    return unusable.get(name);
  }

  /** The names of the tasks that read this topic as a source, in order. */
  List<String> readers(String topic) {
    return readers.getOrDefault(topic, List.of());
  }

  /** Each task with each of its sources. */
  List<Reading> readings() {
    return List.copyOf(readings);
  }
}
