package io.lift.cli.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.cli.stack.Health;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Asks the trainers' {@code GET /training} how far a task is, at most twice a second. */
final class TrainingProgress {
  private static final long PAUSE_NANOS = Duration.ofMillis(500).toNanos();

  private final ObjectMapper mapper = new ObjectMapper();
  private final List<Integer> ports;
  private long asked = System.nanoTime() - PAUSE_NANOS;

  /**
   * How far a round is.
   *
   * @param step optimizer steps done
   * @param steps optimizer steps of the round; 0 if not yet known
   * @param note loss, or how many rows wait
   */
  record State(long step, long steps, String note) {}

  /**
   * @param ports the trainers' HTTP ports; empty if they are not known
   */
  TrainingProgress(List<Integer> ports) {
    this.ports = ports;
  }

  /** The state of a task, or empty if no trainer tells or it was asked just now. */
  Optional<State> read(String task) {
    if (System.nanoTime() - asked < PAUSE_NANOS) {
      return Optional.empty();
    }
    asked = System.nanoTime();
    for (int port : ports) {
      Optional<State> state = Health.get(port, "/training").flatMap(body -> find(body, task));
      if (state.isPresent()) {
        return state;
      }
    }
    return Optional.empty();
  }

  private Optional<State> find(String body, String task) {
    JsonNode all;
    try {
      all = mapper.readTree(body);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    for (JsonNode one : all) {
      if (one.path("task").asText().equals(task)) {
        return Optional.of(state(one));
      }
    }
    return Optional.empty();
  }

  private static State state(JsonNode status) {
    long step = status.path("step").asLong();
    long steps = status.path("steps").asLong();
    String note =
        steps == 0
            ? status.path("waitingRows").asLong() + " rows read"
            : status.has("loss")
                ? String.format(Locale.ROOT, "loss %.3f", status.path("loss").asDouble())
                : "";
    return new State(step, steps, note);
  }
}
