package io.lift.cli.eval;

import io.lift.cli.base.Home;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.core.task.TaskSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The task of an evaluation on a stack that others use too. It is deleted when the command ends,
 * also by Ctrl-C. If the command is killed, the next evaluation in the same directory deletes it: a
 * running command holds the lock of a file with the name of its task.
 */
final class EvalTask implements AutoCloseable {
  private final TaskRegistry tasks;
  private final String name;
  private final Path file;
  private final FileChannel lock;
  private final Thread atExit = new Thread(this::delete, "delete-eval-task");

  private EvalTask(TaskRegistry tasks, String name, Path file, FileChannel lock) {
    this.tasks = tasks;
    this.name = name;
    this.file = file;
    this.lock = lock;
  }

  /** Publishes a task, and deletes those of evaluations that were killed. */
  static EvalTask publish(Home home, String bootstrap, TaskRegistry tasks, TaskSpec task)
      throws InterruptedException {
    try {
      Path folder = Files.createDirectories(home.stack("evals"));
      deleteAbandoned(folder, bootstrap, tasks);
      Path file = folder.resolve(task.name());
      FileChannel lock =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock.lock();
      lock.write(StandardCharsets.UTF_8.encode(bootstrap));
      EvalTask published = new EvalTask(tasks, task.name(), file, lock);
      Runtime.getRuntime().addShutdownHook(published.atExit);
      tasks.create(task);
      return published;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteAbandoned(Path folder, String bootstrap, TaskRegistry tasks)
      throws IOException, InterruptedException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.toList();
    }
    for (Path file : files) {
      try (FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE)) {
        if (!Files.readString(file).equals(bootstrap) || lock.tryLock() == null) {
          continue;
        }
        String name = file.getFileName().toString();
        if (tasks.find(name).isPresent()) {
          tasks.remove(name);
        }
        Files.deleteIfExists(file);
      } catch (OverlappingFileLockException e) {
        continue; // an evaluation of this process
      }
    }
  }

  private void delete() {
    try (lock) {
      tasks.remove(name);
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // the process is ending, and the hook deletes it
    }
    delete();
  }
}
