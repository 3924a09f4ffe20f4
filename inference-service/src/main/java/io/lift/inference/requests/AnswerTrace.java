package io.lift.inference.requests;

import io.lift.inference.requests.RequestHandler.Outcome;
import io.lift.kafka.Traces;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The spans of one batch. The batch has a span that links to its rows. Each answer has a span in
 * the trace of its row, which links to the batch.
 */
final class AnswerTrace {
  private final Traces traces;
  private final Span batch;
  private final Instant began = Instant.now();

  private AnswerTrace(Traces traces, Span batch) {
    this.traces = traces;
    this.batch = batch;
  }

  static AnswerTrace begin(Traces traces, List<Request> requests) {
    if (!traces.on()) {
      return new AnswerTrace(traces, Span.getInvalid());
    }
    List<String> rows =
        requests.stream().map(request -> traces.of(request.record().headers())).toList();
    return new AnswerTrace(
        traces,
        traces
            .beginBatch("score batch", rows)
            .setAttribute("messaging.batch.message_count", requests.size()));
  }

  /** The batch has been scored. */
  void end() {
    batch.end();
  }

  /** A request is answered. Its prediction and reply continue its trace. */
  void answered(Outcome outcome, List<ProducerRecord<byte[], byte[]>> answers) {
    if (!traces.on()) {
      return;
    }
    PredictionMessage prediction = outcome.prediction();
    Span span = traces.begin("answer", outcome.request().record(), began);
    span.addLink(batch.getSpanContext());
    span.setAttribute("lift.task", prediction.task());
    span.setAttribute("lift.row", prediction.row());
    span.setAttribute("lift.status", prediction.status().name());
    if (prediction.checkpoint() != null) {
      span.setAttribute("lift.checkpoint", prediction.checkpoint().version());
    }
    if (prediction.status() == Status.FAILED) {
      span.setStatus(StatusCode.ERROR, prediction.message());
    }
    answers.forEach(answer -> Traces.inject(span, answer.headers()));
    span.end();
  }
}
