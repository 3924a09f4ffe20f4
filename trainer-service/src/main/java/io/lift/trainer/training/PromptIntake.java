package io.lift.trainer.training;

import io.lift.core.prompt.Example;
import io.lift.messages.PromptMessage;
import java.util.Optional;

/**
 * The reading thread's side of the {@link Assignment}: brings the records of {@code lift.prompts},
 * in order, into the windows of their tasks, and holds consumption back while too many rows wait.
 * Thread-safe.
 */
final class PromptIntake {
  private final AssignmentState tasks;

  PromptIntake(AssignmentState tasks) {
    this.tasks = tasks;
  }

  /** What became of an example. */
  enum Added {
    TAKEN,
    OUT_OF_WINDOW,
    OTHER_LANGUAGE,
    LOST
  }

  /** How many partitions the topic has. */
  int partitions() {
    return tasks.locked(tasks::partitions);
  }

  /** Whether the task is known in the version that rendered the prompt. */
  boolean knows(PromptMessage prompt) {
    return tasks.locked(
        () -> {
          TaskTraining task = tasks.task(prompt.task());
          return task != null && task.spec().version() >= prompt.taskVersion();
        });
  }

  /** Blocks while too many fresh rows wait, unless the workload is closed. */
  void awaitSpace() throws InterruptedException {
    tasks.lock.lock();
    try {
      while (!tasks.closed() && tasks.full()) {
        tasks.changed.await();
      }
    } finally {
      tasks.lock.unlock();
    }
  }

  /**
   * Moves a partition's position over an offset.
   *
   * @param polledIn generation of the group in which the record was polled
   * @return the ownership, or empty if the record is stale or was read before
   */
  Optional<PartitionAssignment> advance(int partition, int polledIn, long offset) {
    return tasks.locked(
        () ->
            Optional.ofNullable(tasks.ownership(partition))
                .filter(ownership -> ownership.take(polledIn, offset)));
  }

  /**
   * Takes an example into its task's window, if its ownership still stands.
   *
   * @param languageHash the language that the prompt is written in, or null if it does not say
   * @param trace the row's trace, or null
   * @throws PromptRejectedException if the task does not exist or has no such answer
   */
  Added add(
      PartitionAssignment ownership,
      PromptMessage prompt,
      String languageHash,
      long offset,
      String trace)
      throws PromptRejectedException {
    tasks.lock.lock();
    try {
      if (ownership.lost()) {
        return Added.LOST;
      }
      TaskTraining task = tasks.task(prompt.task());
      if (task == null) {
        throw PromptReader.unknownTask(prompt.task());
      }
      Added added = Added.OTHER_LANGUAGE;
      if (task.speaks(prompt, languageHash)) {
        Example example = PromptReader.example(prompt, task.language());
        boolean inside =
            task.add(new WindowRow(offset, example, System.currentTimeMillis(), trace));
        added = inside ? Added.TAKEN : Added.OUT_OF_WINDOW;
        tasks.changed.signalAll();
      }
      ownership.settle();
      return added;
    } finally {
      tasks.lock.unlock();
    }
  }

  /** The record just read is going to the dead letters. */
  void sendLetter(PartitionAssignment ownership) {
    tasks.locked(ownership::sendLetter);
  }

  /** The broker has every dead letter of the records read so far. */
  void lettersArrived() {
    tasks.locked(
        () -> {
          tasks.ownerships().forEach(PartitionAssignment::lettersArrived);
          tasks.changed.signalAll();
        });
  }
}
