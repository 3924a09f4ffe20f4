package io.lift.evaluator.scoring;

import io.lift.messages.MetricsMessage;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the outcomes of each task and publishes the figures of those that changed, at most once
 * per publish interval. The key is the task.
 */
final class FiguresProcessor implements Processor<String, Outcome, String, MetricsMessage> {
  private static final Logger LOG = LoggerFactory.getLogger(FiguresProcessor.class);

  private final EvaluatorSettings settings;
  private final Set<String> changed = new HashSet<>();
  private ProcessorContext<String, MetricsMessage> context;
  private FiguresStore store;

  FiguresProcessor(EvaluatorSettings settings) {
    this.settings = settings;
  }

  @Override
  public void init(ProcessorContext<String, MetricsMessage> context) {
    this.context = context;
    store = new FiguresStore(context, settings.window(), settings.versions());
    changed.clear();
    changed.addAll(store.tasks()); // the newest figures may not have been published
    context.schedule(settings.publishInterval(), PunctuationType.WALL_CLOCK_TIME, this::publish);
  }

  @Override
  public void process(Record<String, Outcome> in) {
    String task = in.key();
    Outcome outcome = in.value();
    changed.add(task);
    switch (outcome.kind()) {
      case TASK -> define(task, outcome.spec());
      case DELETED -> delete(task, in.timestamp());
      case SCORED -> score(task, outcome.scored());
      default -> {
        store.get(task).count(outcome.kind());
        store.saveTally(task);
      }
    }
  }

  private void define(String task, Outcome.Spec spec) {
    if (!store.get(task).define(spec.type())) {
      store.delete(task);
      store.get(task).define(spec.type());
    }
    store.saveTally(task);
  }

  private void delete(String task, long timestamp) {
    store.delete(task);
    changed.remove(task);
    context.forward(new Record<>(task, null, timestamp));
  }

  private void score(String task, Outcome.Scored row) {
    if (store.get(task).fits(row)) {
      store.score(task, row);
    } else {
      LOG.atWarn()
          .addKeyValue("task", task)
          .log("not scored: an answer of the type that the task had before");
    }
  }

  private void publish(long now) {
    for (String task : changed) {
      store.saveSums(task);
      store
          .get(task)
          .message(task)
          .ifPresent(message -> context.forward(new Record<>(task, message, now)));
    }
    changed.clear();
  }
}
