package io.lift.evaluator.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.evaluator.scoring.JoinInput.Completion;
import io.lift.evaluator.scoring.JoinInput.Question;
import io.lift.messages.Json;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Joins rows and labels that come apart, in any order, to training examples.
 *
 * <p>Either waits for the other for the task's label wait, counted in event time from its input. A
 * row and a label that have met are stored for another wait: the same row or label again changes
 * nothing, and one with another value makes the example anew, which takes the place of the first in
 * the trainer's window. The two must be in the same language: a label that came after a change of
 * the task waits for the row in the new language.
 */
final class ExampleJoin {
  static final String WAITING = "waiting";
  static final String TIMELINE = "waiting-timeline";

  private final KeyValueStore<String, Waiting> waiting;
  private final Timeline timeline;

  ExampleJoin(ProcessorContext<?, ?> context) {
    waiting = context.getStateStore(WAITING);
    timeline = new Timeline(context.getStateStore(TIMELINE));
  }

  /**
   * The newest row and the newest label of an id.
   *
   * @param question the row, or null
   * @param completion the label, or null
   * @param joined whether the label is in an example
   * @param expiresAt event time at which the two are deleted
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Waiting(Question question, Completion completion, boolean joined, long expiresAt) {
    private static final Waiting NONE = new Waiting(null, null, false, 0);

    private Waiting with(Question newer, long now) {
      return new Waiting(newer, completion, joined, now + newer.labelWait());
    }

    private Waiting with(Completion newer, long now) {
      return new Waiting(question, newer, false, now + newer.labelWait());
    }

    private boolean meet() {
      return question != null
          && completion != null
          && question.language().equals(completion.language());
    }

    private Waiting join() {
      return new Waiting(question, completion, true, expiresAt);
    }
  }

  static Set<StoreBuilder<?>> stores(Function<String, KeyValueBytesStoreSupplier> kind) {
    return Set.of(
        Stores.keyValueStoreBuilder(
            kind.apply(WAITING), Serdes.String(), Json.serde(Waiting.class)),
        Stores.keyValueStoreBuilder(kind.apply(TIMELINE), Serdes.Bytes(), Serdes.ByteArray()));
  }

  /**
   * A row has come without its label.
   *
   * @param now event time
   * @return the example that it makes; empty if its label has not come, or if it is the same row as
   *     before
   */
  Optional<JoinedExample> add(String key, JoinInput input, Question question, long now) {
    Waiting before = before(key);
    return question.isSameAs(before.question())
        ? Optional.empty()
        : put(key, input, before.with(question, now));
  }

  /**
   * A label has come without its row.
   *
   * @param now event time
   * @return the example that it makes; empty if its row has not come, or if it is the same label as
   *     before
   */
  Optional<JoinedExample> add(String key, JoinInput input, Completion completion, long now) {
    Waiting before = before(key);
    return completion.isSameAs(before.completion())
        ? Optional.empty()
        : put(key, input, before.with(completion, now));
  }

  private Waiting before(String key) {
    Waiting before = waiting.get(key);
    return before == null ? Waiting.NONE : before;
  }

  private Optional<JoinedExample> put(String key, JoinInput input, Waiting changed) {
    boolean meet = changed.meet();
    waiting.put(key, meet ? changed.join() : changed);
    timeline.add(changed.expiresAt(), key);
    return meet
        ? Optional.of(
            JoinedExample.of(input.task(), input.row(), changed.question(), changed.completion()))
        : Optional.empty();
  }

  /**
   * Deletes what has waited long enough.
   *
   * @param unjoined takes the key of each label that has become no example
   */
  void expire(long now, Consumer<String> unjoined) {
    timeline.expire(
        now,
        (key, moment) -> {
          Waiting expired = waiting.get(key);
          if (expired == null || expired.expiresAt() != moment) {
            return; // it has changed since, and has a later moment
          }
          waiting.delete(key);
          if (expired.completion() != null && !expired.joined()) {
            unjoined.accept(key);
          }
        });
  }

  /**
   * Deletes the rows and labels of a task.
   *
   * @param prefix what their keys begin with
   */
  void deleteTask(String prefix) {
    try (KeyValueIterator<String, Waiting> all =
        waiting.prefixScan(prefix, new StringSerializer())) {
      while (all.hasNext()) {
        waiting.delete(all.next().key);
      }
    }
  }
}
