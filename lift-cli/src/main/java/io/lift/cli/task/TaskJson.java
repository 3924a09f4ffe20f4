package io.lift.cli.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.core.task.TaskSpec;

/** A task as readable JSON. */
final class TaskJson {
  private TaskJson() {}

  static String pretty(TaskSpec task) {
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(task);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
